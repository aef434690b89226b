{{/* Files of the bundled brokers, as data of a ConfigMap. All brokers are controllers as well, with a fixed list of voters. */}}
{{- define "belfry.kafka.configuration" -}}
{{- $name := include "belfry.kafka.name" . -}}
{{- $voters := list -}}
{{- range until (int .Values.kafka.bundled.replicas) }}{{ $voters = append $voters (printf "%d@%s-%d.%s:9093" . $name . $name) }}{{ end -}}
{{- $settings := dict
    "process.roles" "broker,controller"
    "controller.quorum.voters" (join "," $voters)
    "listeners" "PLAINTEXT://:9092,CONTROLLER://:9093"
    "listener.security.protocol.map" "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
    "controller.listener.names" "CONTROLLER"
    "inter.broker.listener.name" "PLAINTEXT"
    "log.dirs" "/var/lib/kafka/data/log"
    "num.partitions" .Values.kafka.partitions
    "default.replication.factor" (include "belfry.kafka.replication" .)
    "min.insync.replicas" (include "belfry.kafka.minInSync" .)
    "offsets.topic.replication.factor" (include "belfry.kafka.replication" .)
    "transaction.state.log.replication.factor" (include "belfry.kafka.replication" .)
    "transaction.state.log.min.isr" (include "belfry.kafka.minInSync" .)
    "share.coordinator.state.topic.replication.factor" (include "belfry.kafka.replication" .)
    "share.coordinator.state.topic.min.isr" (include "belfry.kafka.minInSync" .)
    "group.initial.rebalance.delay.ms" 0
    "auto.create.topics.enable" false -}}
server.properties: |
  {{- range $setting, $value := mergeOverwrite $settings .Values.kafka.bundled.config }}
  {{ $setting }}={{ include "belfry.plain" $value }}
  {{- end }}
start.sh: |
  set -euo pipefail
  config=/tmp/server.properties
  number=${HOSTNAME##*-}
  {
    cat /etc/belfry/kafka/server.properties
    echo "node.id=$number"
    echo "advertised.listeners=PLAINTEXT://$HOSTNAME.{{ $name }}.{{ .Release.Namespace }}.svc:9092"
  } >"$config"
  /opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id "$BROKERS_CLUSTER_ID" --config "$config"
  exec /opt/kafka/bin/kafka-server-start.sh "$config"
log4j2.yaml: |
  Configuration:
    Appenders:
      Console:
        name: out
        PatternLayout: {pattern: "[%d] %p %m (%c)%n"}
    Loggers:
      Root:
        level: INFO
        AppenderRef: [{ref: out}]
{{- end -}}
