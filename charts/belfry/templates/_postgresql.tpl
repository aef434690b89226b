{{/* Name of the CloudNativePG Cluster. */}}
{{- define "belfry.postgresql.cluster" -}}
{{- .Values.postgresql.cnpg.clusterName | default (printf "%s-db" (include "belfry.fullname" .)) -}}
{{- end -}}

{{/*
How to reach PostgreSQL: variable to entry, as YAML map. A password goes into PGPASSWORD, which the driver takes when the URL has none:
in a URL it would have to be encoded.
*/}}
{{- define "belfry.postgresql.env" -}}
{{- $env := dict -}}
{{- $name := "database-password" -}}
{{- $secret := .Values.postgresql.external.password -}}
{{- $url := "" -}}
{{- $fullname := include "belfry.fullname" . -}}
{{- with .Values.postgresql -}}
{{- if eq .mode "bundled" -}}
{{- $url = printf "postgres://belfry@%s-postgresql:5432/belfry" $fullname -}}
{{- $name = "postgres-password" -}}
{{- $secret = .bundled.password -}}
{{- else if eq .mode "cnpg" -}}
{{- $ref := dict "name" (printf "%s-app" (include "belfry.postgresql.cluster" $)) "key" "uri" -}}
{{- $_ := set $env "BELFRY_DATABASE_URL" (dict "valueFrom" (dict "secretKeyRef" $ref)) -}}
{{- else if .external.host -}}
{{- $url = printf "postgres://%s@%s:%d/%s" (urlquery .external.username) .external.host (int64 .external.port) .external.database -}}
{{- with .external.parameters }}{{ $url = printf "%s?%s" $url . }}{{ end -}}
{{- else -}}
{{- $ref := include "belfry.secretRef" (dict "root" $ "secret" .external.url "name" "database-url") | fromYaml -}}
{{- $_ := set $env "BELFRY_DATABASE_URL" (dict "valueFrom" (dict "secretKeyRef" $ref)) -}}
{{- end -}}
{{- with $url -}}
{{- $_ := set $env "BELFRY_DATABASE_URL" (dict "value" .) -}}
{{- $wanted := dict "root" $ "secret" $secret "name" $name "generated" (eq $.Values.postgresql.mode "bundled") -}}
{{- with include "belfry.secretRef" $wanted | fromYaml }}{{ $_ := set $env "PGPASSWORD" (dict "valueFrom" (dict "secretKeyRef" .)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{/* Connections that all pods may open at once, those of an upgrade included. */}}
{{- define "belfry.postgresql.connections" -}}
{{- $sum := 10 -}}
{{- range list "api" "push" "worker" -}}
{{- $values := index $.Values . -}}
{{- $pods := $values.replicaCount -}}
{{- if $values.autoscaling.enabled }}{{ $pods = $values.autoscaling.maxReplicas }}{{ end -}}
{{- $each := add (int $values.databasePool) (ternary 1 0 (eq . "worker")) -}}
{{- $sum = add $sum (mul $each (add (int $pods) 1)) -}}
{{- end -}}
{{- range $name, $job := .Values.scheduler.jobs }}{{ if $job.enabled }}{{ $sum = add $sum 2 }}{{ end }}{{ end -}}
{{- $sum -}}
{{- end -}}
