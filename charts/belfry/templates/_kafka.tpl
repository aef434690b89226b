{{/* Name of a bundled broker's Service, StatefulSet and so on. */}}
{{- define "belfry.kafka.name" -}}
{{- include "belfry.fullname" . }}-kafka
{{- end -}}

{{/* Brokers to begin with, as a list with commas. */}}
{{- define "belfry.kafka.brokers" -}}
{{- with .Values.kafka -}}
{{- if eq .mode "bundled" -}}
{{- $name := include "belfry.kafka.name" $ -}}
{{- $brokers := list -}}
{{- range until (int .bundled.replicas) }}{{ $brokers = append $brokers (printf "%s-%d.%s:9092" $name . $name) }}{{ end -}}
{{- join "," $brokers -}}
{{- else if eq .mode "strimzi" -}}
{{- $namespace := .strimzi.namespace | default $.Release.Namespace -}}
{{- printf "%s-kafka-bootstrap.%s.svc:%d" .strimzi.clusterName $namespace (int64 .strimzi.port) -}}
{{- else -}}
{{- join "," .external.brokers -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Copies of each partition of topics that are made; nothing for the brokers' default. */}}
{{- define "belfry.kafka.replication" -}}
{{- with .Values.kafka -}}
{{- if .replication }}{{ int .replication }}{{ else if eq .mode "bundled" }}{{ min 3 (int .bundled.replicas) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "belfry.kafka.minInSync" -}}
{{- $replication := include "belfry.kafka.replication" . -}}
{{- with .Values.kafka -}}
{{- if .minInSync }}{{ int .minInSync }}{{ else if eq .mode "bundled" }}{{ max 1 (sub (int $replication) 1) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "belfry.kafka.username" -}}
{{- .Values.kafka.strimzi.username | default (include "belfry.fullname" .) -}}
{{- end -}}

{{- define "belfry.kafka.userSecret" -}}
{{- .Values.kafka.strimzi.userSecret | default (include "belfry.kafka.username" .) -}}
{{- end -}}

{{/* What the log is carried by, and how to reach that: variable to entry, as YAML map. */}}
{{- define "belfry.kafka.env" -}}
{{- $plain := dict "LOG" "postgres" -}}
{{- $env := dict -}}
{{- $kafka := .Values.kafka -}}
{{- if ne $kafka.mode "none" -}}
{{- $plain = dict
    "LOG" "kafka"
    "KAFKA_BROKERS" (include "belfry.kafka.brokers" .)
    "KAFKA_PREFIX" $kafka.prefix
    "KAFKA_PARTITIONS" (toString (int64 $kafka.partitions))
    "KAFKA_REPLICATION" (include "belfry.kafka.replication" .)
    "KAFKA_MIN_INSYNC" (include "belfry.kafka.minInSync" .)
    "KAFKA_COMPRESSION" $kafka.compression -}}
{{- $files := include "belfry.kafka.files" . | fromYaml -}}
{{- if or (and (eq $kafka.mode "strimzi") $kafka.strimzi.tls) (and (eq $kafka.mode "external") $kafka.external.tls.enabled) -}}
{{- $_ := set $plain "KAFKA_TLS" "on" -}}
{{- if $files.ca }}{{ $_ := set $plain "KAFKA_TLS_CA_FILE" "/etc/belfry/kafka/ca.crt" }}{{ end -}}
{{- if $files.client -}}
{{- $_ := set $plain "KAFKA_TLS_CERT_FILE" "/etc/belfry/kafka/client.crt" -}}
{{- $_ := set $plain "KAFKA_TLS_KEY_FILE" "/etc/belfry/kafka/client.key" -}}
{{- end -}}
{{- end -}}
{{- if and (eq $kafka.mode "strimzi") (eq $kafka.strimzi.authentication "scram-sha-512") -}}
{{- $_ := set $plain "KAFKA_SASL" "scram-sha-512" -}}
{{- $_ := set $plain "KAFKA_USERNAME" (include "belfry.kafka.username" .) -}}
{{- $ref := dict "name" (include "belfry.kafka.userSecret" .) "key" "password" -}}
{{- $_ := set $env "BELFRY_KAFKA_PASSWORD" (dict "valueFrom" (dict "secretKeyRef" $ref)) -}}
{{- else if and (eq $kafka.mode "external") (ne $kafka.external.sasl.mechanism "none") -}}
{{- with $kafka.external.sasl -}}
{{- $_ := set $plain "KAFKA_SASL" .mechanism -}}
{{- $_ := set $plain "KAFKA_USERNAME" .username -}}
{{- $ref := include "belfry.secretRef" (dict "root" $ "secret" .password "name" "kafka-password") | fromYaml -}}
{{- $_ := set $env "BELFRY_KAFKA_PASSWORD" (dict "valueFrom" (dict "secretKeyRef" $ref)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := $plain }}{{ if $value }}{{ $_ := set $env (printf "BELFRY_%s" $name) (dict "value" $value) }}{{ end }}{{ end -}}
{{- toYaml $env -}}
{{- end -}}

{{/* Secrets that a TLS connection needs: {ca: {secret, key}, client: {secret, cert, key}}, each if there is one. */}}
{{- define "belfry.kafka.files" -}}
{{- $files := dict -}}
{{- with .Values.kafka -}}
{{- if eq .mode "strimzi" -}}
{{- $ca := .strimzi.caSecret | default (printf "%s-cluster-ca-cert" .strimzi.clusterName) -}}
{{- if .strimzi.tls }}{{ $_ := set $files "ca" (dict "secret" $ca "key" "ca.crt") }}{{ end -}}
{{- if eq .strimzi.authentication "tls" -}}
{{- $_ := set $files "client" (dict "secret" (include "belfry.kafka.userSecret" $) "cert" "user.crt" "key" "user.key") -}}
{{- end -}}
{{- else if and (eq .mode "external") .external.tls.enabled -}}
{{- with .external.tls -}}
{{- if .caSecret }}{{ $_ := set $files "ca" (dict "secret" .caSecret "key" .caKey) }}{{ end -}}
{{- if .clientSecret }}{{ $_ := set $files "client" (dict "secret" .clientSecret "cert" .certKey "key" .keyKey) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}
