{{/*
Environment of a container, as YAML list: what its role reads, then what users add, which wins. No name comes twice: server-side apply
refuses that. Takes root; role: api, push, worker, scheduler, operator, migrate, database for that alone, or none; and, optionally,
own, a map of further variables, and extraEnv of the component.
*/}}
{{- define "belfry.env" -}}
{{- $env := merge (dict) (.own | default dict) (include "belfry.env.settings" . | fromYaml) -}}
{{- if has .role (list "api" "push" "worker" "scheduler" "migrate" "database") }}{{ $env = merge $env (include "belfry.postgresql.env" .root | fromYaml) }}{{ end -}}
{{- if has .role (list "push" "worker" "migrate") }}{{ $env = merge $env (include "belfry.kafka.env" .root | fromYaml) }}{{ end -}}
{{- if or .root.Values.config.extraCaCerts.configMap .root.Values.config.extraCaCerts.secret -}}
{{- $_ := set $env "NODE_EXTRA_CA_CERTS" (dict "value" "/etc/belfry/ca/extra-ca.crt") -}}
{{- end -}}
{{- $added := list -}}
{{- range $entry := concat .root.Values.config.extraEnv (.extraEnv | default list) -}}
{{- $_ := unset $env $entry.name -}}
{{- $others := list -}}
{{- range $added }}{{ if ne .name $entry.name }}{{ $others = append $others . }}{{ end }}{{ end -}}
{{- $added = append $others $entry -}}
{{- end -}}
{{- $all := list -}}
{{- range $name, $entry := $env }}{{ $all = append $all (merge (dict "name" $name) $entry) }}{{ end -}}
{{- toYaml (concat $all $added) -}}
{{- end -}}

{{/* What a role reads of the table of settings: variable to entry, as YAML map. */}}
{{- define "belfry.env.settings" -}}
{{- $env := dict -}}
{{- $role := .role -}}
{{- $root := .root -}}
{{- range $name, $setting := include "belfry.settings" .root | fromYaml -}}
{{- if has $role $setting.roles -}}
{{- $variable := printf "BELFRY_%s" $name -}}
{{- if hasKey $setting "secret" -}}
{{- $wanted := dict "root" $root "secret" $setting.secret "name" ($name | lower | replace "_" "-") "generated" (eq $name "JWT_SECRET") -}}
{{- with include "belfry.secretRef" $wanted | fromYaml }}{{ $_ := set $env $variable (dict "valueFrom" (dict "secretKeyRef" .)) }}{{ end -}}
{{- else if ne (toString $setting.value) "" -}}
{{- $_ := set $env $variable (dict "value" (include "belfry.plain" $setting.value)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $values := index .root.Values .role | default dict -}}
{{- with $values.databasePool }}{{ $_ := set $env "BELFRY_DATABASE_POOL" (dict "value" (include "belfry.plain" .)) }}{{ end -}}
{{- if hasKey $values "shutdownDelaySeconds" -}}
{{- $_ := set $env "BELFRY_SHUTDOWN_DELAY_SECONDS" (dict "value" (include "belfry.plain" $values.shutdownDelaySeconds)) -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{/* A setting as text: whole numbers, which templates hold as floats, without an exponent. */}}
{{- define "belfry.plain" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}
