{{/* Kinds of pods with a policy, as JSON list. */}}
{{- define "belfry.network.components" -}}
{{- $components := concat (include "belfry.roles" . | fromJsonArray) (list "scheduler" "migrate") -}}
{{- if include "belfry.generatedSecrets" . | fromYaml }}{{ $components = append $components "secrets" }}{{ end -}}
{{- if .Values.tests.enabled }}{{ $components = append $components "test" }}{{ end -}}
{{- if eq .Values.postgresql.mode "bundled" }}{{ $components = append $components "postgresql" }}{{ end -}}
{{- if eq .Values.kafka.mode "bundled" }}{{ $components = append $components "kafka" }}{{ end -}}
{{- toJson $components -}}
{{- end -}}

{{/* Pods of some components, as a list of peers. Takes root and components. */}}
{{- define "belfry.network.users" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ include "belfry.name" .root }}
      app.kubernetes.io/instance: {{ .root.Release.Name }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: In, values: {{ toJson .components }}}
{{- end -}}

{{/* One rule. Takes peers, a list (everybody when empty), ports, and direction: from or to. */}}
{{- define "belfry.network.rule" -}}
- ports: [{{ range $i, $port := .ports }}{{ if $i }}, {{ end }}{port: {{ $port }}}{{ end }}]
  {{- with .peers }}
  {{ $.direction }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Who may reach a component, as a list of rules. Takes root and component. */}}
{{- define "belfry.network.ingress" -}}
{{- $values := .root.Values -}}
{{- $policy := $values.networkPolicy -}}
{{- $component := .component -}}
{{- $own := index $values $component | default dict -}}
{{- $rules := list -}}
{{- if has $component (list "api" "push") -}}
{{- $peers := list -}}
{{- if $policy.from }}{{ $peers = concat $policy.from (include "belfry.network.users" (dict "root" .root "components" (list "test")) | fromYamlArray) }}{{ end -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "from" "peers" $peers "ports" (list (ternary "http" "ws" (eq $component "api"))))) -}}
{{- end -}}
{{- if has $component (list "api" "push" "worker" "operator") -}}
{{- if $policy.prometheus }}{{ $rules = append $rules (include "belfry.network.rule" (dict "direction" "from" "peers" $policy.prometheus "ports" (list "internal"))) }}{{ end -}}
{{- else if eq $component "postgresql" -}}
{{- $peers := include "belfry.network.users" (dict "root" .root "components" (list "api" "push" "worker" "scheduler" "migrate" "test")) | fromYamlArray -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "from" "peers" $peers "ports" (list "postgresql"))) -}}
{{- else if eq $component "kafka" -}}
{{- $peers := include "belfry.network.users" (dict "root" .root "components" (list "push" "worker" "migrate" "kafka")) | fromYamlArray -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "from" "peers" $peers "ports" (list "kafka"))) -}}
{{- $brokers := include "belfry.network.users" (dict "root" .root "components" (list "kafka")) | fromYamlArray -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "from" "peers" $brokers "ports" (list "controller"))) -}}
{{- end -}}
{{- with ($own.networkPolicy | default dict).extraIngress }}{{ $rules = append $rules (toYaml .) }}{{ end -}}
{{- $rules | join "\n" | default "[]" -}}
{{- end -}}
