{{/* What is wrong with values that are each right alone, as JSON list of texts. The schema has seen to each alone. */}}
{{- define "belfry.problems" -}}
{{- $problems := concat
    (include "belfry.problems.postgresql" . | fromJsonArray)
    (include "belfry.problems.kafka" . | fromJsonArray)
    (include "belfry.problems.config" . | fromJsonArray)
    (include "belfry.problems.workloads" . | fromJsonArray)
    (include "belfry.problems.network" . | fromJsonArray) -}}
{{- toJson $problems -}}
{{- end -}}

{{- define "belfry.problems.postgresql" -}}
{{- $problems := list -}}
{{- with .Values.postgresql -}}
{{- if eq .mode "external" -}}
{{- $hasUrl := or .external.url.value .external.url.existingSecret -}}
{{- if and (not $hasUrl) (not .external.host) -}}
{{- $problems = append $problems "postgresql.mode=external needs postgresql.external.url.existingSecret (or .value), or postgresql.external.host" -}}
{{- else if and $hasUrl .external.host -}}
{{- $problems = append $problems "postgresql.external has both url and host: set one of them" -}}
{{- end -}}
{{- else if and (eq .mode "cnpg") (not .cnpg.create) (not .cnpg.clusterName) -}}
{{- $problems = append $problems "postgresql.cnpg.create=false needs postgresql.cnpg.clusterName, the Cluster to use" -}}
{{- end -}}
{{- $limit := ternary .cnpg.maxConnections .bundled.maxConnections (eq .mode "cnpg") -}}
{{- $wanted := include "belfry.postgresql.connections" $ | int -}}
{{- if and (or (eq .mode "bundled") (and (eq .mode "cnpg") .cnpg.create)) (gt $wanted (int $limit)) -}}
{{- $problems = append $problems (printf "postgresql.%s.maxConnections is %d, and all pods may open %d: raise it, or lower databasePool or the number of pods" .mode (int $limit) $wanted) -}}
{{- end -}}
{{- end -}}
{{- toJson $problems -}}
{{- end -}}

{{- define "belfry.problems.kafka" -}}
{{- $problems := list -}}
{{- $replication := include "belfry.kafka.replication" . | default "0" | int -}}
{{- $minInSync := include "belfry.kafka.minInSync" . | default "0" | int -}}
{{- with .Values.kafka -}}
{{- if and (eq .mode "bundled") (gt $replication (int .bundled.replicas)) -}}
{{- $problems = append $problems (printf "kafka.replication is %d, and there are %d bundled brokers" $replication (int .bundled.replicas)) -}}
{{- end -}}
{{- if and $replication (gt $minInSync $replication) -}}
{{- $problems = append $problems (printf "kafka.minInSync is %d, and kafka.replication %d: nothing could be written" $minInSync $replication) -}}
{{- end -}}
{{- if eq .mode "strimzi" -}}
{{- if not .strimzi.clusterName }}{{ $problems = append $problems "kafka.mode=strimzi needs kafka.strimzi.clusterName, the name of the Kafka resource" }}{{ end -}}
{{- if and (eq .strimzi.authentication "tls") (not .strimzi.tls) }}{{ $problems = append $problems "kafka.strimzi.authentication=tls needs kafka.strimzi.tls" }}{{ end -}}
{{- else if eq .mode "external" -}}
{{- if not .external.brokers }}{{ $problems = append $problems "kafka.mode=external needs kafka.external.brokers" }}{{ end -}}
{{- with .external.sasl -}}
{{- if and (ne .mechanism "none") (not (and .username (or .password.value .password.existingSecret))) -}}
{{- $problems = append $problems (printf "kafka.external.sasl.mechanism=%s needs username and password" .mechanism) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $problems -}}
{{- end -}}

{{- define "belfry.problems.config" -}}
{{- $problems := list -}}
{{- with .Values.config -}}
{{- if and .jwtSecret.value (lt (len .jwtSecret.value) 32) (not .jwtSecret.existingSecret) }}{{ $problems = append $problems "config.jwtSecret.value has less than 32 characters" }}{{ end -}}
{{- $hasUrl := or .email.smtpUrl.value .email.smtpUrl.existingSecret -}}
{{- if ne (not $hasUrl) (not .email.from) }}{{ $problems = append $problems "config.email needs both smtpUrl and from, or neither" }}{{ end -}}
{{- $hasToken := or .sms.token.value .sms.token.existingSecret -}}
{{- if and (eq .sms.provider "twilio") (not (and .sms.url .sms.from .sms.account $hasToken)) -}}
{{- $problems = append $problems "config.sms.provider=twilio needs url, from, account and token" -}}
{{- else if and (not .sms.url) (or .sms.from .sms.account $hasToken) -}}
{{- $problems = append $problems "config.sms needs url" -}}
{{- end -}}
{{- $hasUrl = or .webhook.url.value .webhook.url.existingSecret -}}
{{- $hasSecret := or .webhook.secret.value .webhook.secret.existingSecret -}}
{{- if ne (not $hasUrl) (not $hasSecret) }}{{ $problems = append $problems "config.webhook needs both url and secret, or neither" }}{{ end -}}
{{- if and .webhook.secret.value (lt (len .webhook.secret.value) 16) (not .webhook.secret.existingSecret) }}{{ $problems = append $problems "config.webhook.secret.value has less than 16 characters" }}{{ end -}}
{{- with .attachments.s3 -}}
{{- $parts := list .url .bucket (or .accessKey.value .accessKey.existingSecret) (or .secretKey.value .secretKey.existingSecret) | compact -}}
{{- if and $parts (lt (len $parts) 4) }}{{ $problems = append $problems "config.attachments.s3 needs all of url, bucket, accessKey and secretKey, or none" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- range $name := list "api" "push" "worker" "scheduler" "operator" "migrate" -}}
{{- range concat $.Values.config.extraEnv (index $.Values $name).extraEnv -}}
{{- if has .name (list "BELFRY_PORT" "BELFRY_PUSH_PORT" "BELFRY_INTERNAL_PORT") }}{{ $problems = append $problems (printf "%s cannot be changed: Services and probes expect the default" .name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toJson (uniq $problems) -}}
{{- end -}}

{{- define "belfry.problems.workloads" -}}
{{- $problems := list -}}
{{- range list "api" "push" "worker" -}}
{{- $scaling := (index $.Values .).autoscaling -}}
{{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- $problems = append $problems (printf "%s.autoscaling.minReplicas is greater than maxReplicas" .) -}}
{{- end -}}
{{- end -}}
{{- $kafka := .Values.kafka -}}
{{- with .Values.worker.autoscaling -}}
{{- if and .enabled (eq $kafka.mode "none") (not .metrics) -}}
{{- $problems = append $problems "worker.autoscaling needs Kafka for its metric, or worker.autoscaling.metrics" -}}
{{- else if and .enabled (not .metrics) (gt (int .maxReplicas) (int $kafka.partitions)) -}}
{{- $problems = append $problems (printf "worker.autoscaling.maxReplicas is greater than kafka.partitions (%d): the others would have nothing to do" (int $kafka.partitions)) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.podMonitor.enabled .Values.serviceMonitor.enabled -}}
{{- $problems = append $problems "podMonitor and serviceMonitor are both enabled: everything would be scraped twice" -}}
{{- end -}}
{{- toJson $problems -}}
{{- end -}}

{{- define "belfry.problems.network" -}}
{{- $problems := list -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}{{ $problems = append $problems "ingress.enabled needs ingress.hosts" }}{{ end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}{{ $problems = append $problems "httpRoute.enabled needs httpRoute.parentRefs, the Gateway" }}{{ end -}}
{{- toJson $problems -}}
{{- end -}}
