{{/*
Where a secret is. Takes root, secret {value, existingSecret, key} and name, the key in the chart's own Secrets; `generated` says that
the Job makes it when nobody gives it. Answers {name, key} as YAML, or nothing when the secret is not set.
*/}}
{{- define "belfry.secretRef" -}}
{{- $fullname := include "belfry.fullname" .root -}}
{{- if .secret.existingSecret -}}
name: {{ .secret.existingSecret }}
key: {{ .secret.key }}
{{- else if .secret.value -}}
name: {{ $fullname }}-config
key: {{ .name }}
{{- else if .generated -}}
name: {{ $fullname }}-secrets
key: {{ .name }}
{{- end -}}
{{- end -}}

{{/* Secrets whose values stand in values.yaml: key to value, as YAML map. */}}
{{- define "belfry.givenSecrets" -}}
{{- $given := dict -}}
{{- range $key, $secret := include "belfry.allSecrets" . | fromYaml -}}
{{- if and $secret.value (not $secret.existingSecret) }}{{ $_ := set $given $key $secret.value }}{{ end -}}
{{- end -}}
{{- toYaml $given -}}
{{- end -}}

{{/* Secrets that the Job makes, as it takes them: key to kind, as YAML map. */}}
{{- define "belfry.generatedSecrets" -}}
{{- $kinds := dict "jwt-secret" "hex64" "postgres-password" "hex64" "kafka-cluster-id" "kafka-cluster-id" -}}
{{- $generated := dict -}}
{{- range $key, $secret := include "belfry.allSecrets" . | fromYaml -}}
{{- if and (hasKey $kinds $key) (not $secret.value) (not $secret.existingSecret) }}{{ $_ := set $generated $key (get $kinds $key) }}{{ end -}}
{{- end -}}
{{- toYaml $generated -}}
{{- end -}}

{{/* Every secret in use, by its key in the chart's own Secrets. */}}
{{- define "belfry.allSecrets" -}}
{{- $all := dict -}}
{{- range $name, $setting := include "belfry.settings" . | fromYaml -}}
{{- with $setting.secret }}{{ $_ := set $all ($name | lower | replace "_" "-") . }}{{ end -}}
{{- end -}}
{{- with .Values.postgresql -}}
{{- if eq .mode "bundled" }}{{ $_ := set $all "postgres-password" .bundled.password }}{{ end -}}
{{- if eq .mode "external" }}{{ $_ := set $all "database-url" .external.url }}{{ $_ := set $all "database-password" .external.password }}{{ end -}}
{{- end -}}
{{- with .Values.kafka -}}
{{- if eq .mode "bundled" }}{{ $_ := set $all "kafka-cluster-id" .bundled.clusterId }}{{ end -}}
{{- if eq .mode "external" }}{{ $_ := set $all "kafka-password" .external.sasl.password }}{{ end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}
