{{/* Parts of PodMonitor and ServiceMonitor. All take root and values. */}}

{{- define "belfry.monitor.metadata" -}}
{{ include "belfry.metadata" (dict "root" .root "name" (include "belfry.fullname" .root) "namespace" .values.namespace "more" .values.additionalLabels) }}
{{- end -}}

{{- define "belfry.monitor.common" -}}
{{- if .values.namespace }}
namespaceSelector:
  matchNames: [{{ .root.Release.Namespace }}]
{{- end }}
{{- with .values.sampleLimit }}
sampleLimit: {{ int64 . }}
{{- end }}
{{- end -}}

{{/* Rules and dashboards tell roles apart by `job`: belfry-api, belfry-push and so on. */}}
{{- define "belfry.monitor.endpoint" -}}
path: /metrics
interval: {{ .values.interval }}
scrapeTimeout: {{ .values.scrapeTimeout }}
relabelings:
  - sourceLabels: [__meta_kubernetes_pod_label_app_kubernetes_io_component]
    targetLabel: job
    replacement: belfry-$1
  {{- with .values.relabelings }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .values.metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Jobs that do not run, with | between them. */}}
{{- define "belfry.jobsOff" -}}
{{- $off := list -}}
{{- range $name, $job := .Values.scheduler.jobs }}{{ if or (not $job.enabled) $.Values.scheduler.suspend }}{{ $off = append $off $name }}{{ end }}{{ end -}}
{{- join "|" $off | default "none" -}}
{{- end -}}
