{{/* Names and labels. */}}

{{- define "belfry.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 40 characters, so that names of CronJobs (52) and of pods fit. */}}
{{- define "belfry.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "belfry.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "belfry.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects pods. It can never change. Takes root and component. */}}
{{- define "belfry.selectorLabels" -}}
app.kubernetes.io/name: {{ include "belfry.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of objects; those of users never replace them. Takes root and, optionally, component and more, a map. */}}
{{- define "belfry.labels" -}}
{{- $values := .root.Values -}}
{{- $labels := dict
    "helm.sh/chart" (printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_"))
    "app.kubernetes.io/name" (include "belfry.name" .root)
    "app.kubernetes.io/instance" .root.Release.Name
    "app.kubernetes.io/version" ($values.image.tag | default .root.Chart.AppVersion | trunc 63 | trimSuffix "-")
    "app.kubernetes.io/part-of" "belfry"
    "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- with .component }}{{ $_ := set $labels "app.kubernetes.io/component" . }}{{ end -}}
{{- merge $labels (.more | default dict) $values.commonLabels | toYaml -}}
{{- end -}}

{{/* Labels of pods: nothing that changes with the chart's version, which must not restart them. Takes root, component, values. */}}
{{- define "belfry.podLabels" -}}
{{- $own := include "belfry.selectorLabels" . | fromYaml -}}
{{ mergeOverwrite dict .root.Values.commonLabels (.values.podLabels | default dict) $own | toYaml }}
{{- end -}}

{{/* Metadata of an object: name, namespace, labels. Takes root, name and, optionally, component, namespace and more, a map of labels. */}}
{{- define "belfry.metadata" -}}
name: {{ .name }}
namespace: {{ .namespace | default .root.Release.Namespace }}
labels:
  {{- include "belfry.labels" . | nindent 2 }}
{{- end -}}

{{/* Reference to an image. Takes root and image {registry, repository, tag, digest}. */}}
{{- define "belfry.imageOf" -}}
{{- $registry := .root.Values.global.imageRegistry | default .image.registry -}}
{{- with $registry }}{{ . }}/{{ end }}{{ .image.repository -}}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- define "belfry.image" -}}
{{- include "belfry.imageOf" (dict "root" . "image" .Values.image) -}}
{{- end -}}

{{/* Name of the ServiceAccount of a component. Takes root and component. */}}
{{- define "belfry.serviceAccountName" -}}
{{- $account := (index .root.Values .component).serviceAccount -}}
{{- if or $account.create $account.name -}}
{{- $account.name | default (printf "%s-%s" (include "belfry.fullname" .root) .component) -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{/* Roles with a Deployment of their own, as YAML list. */}}
{{- define "belfry.roles" -}}
{{- $roles := list "api" "push" "worker" -}}
{{- if .Values.operator.enabled }}{{ $roles = append $roles "operator" }}{{ end -}}
{{- toJson $roles -}}
{{- end -}}

{{/* "true" when a HorizontalPodAutoscaler owns the number of pods. Takes values of a role. */}}
{{- define "belfry.isAutoscaled" -}}
{{- with .autoscaling }}{{ if .enabled }}true{{ end }}{{ end -}}
{{- end -}}
