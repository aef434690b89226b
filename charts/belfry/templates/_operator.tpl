{{/* What the operator's pod has besides what every pod has, for belfry.podSpec. */}}
{{- define "belfry.operator.pod" -}}
apiServer: true
own:
  POD_NAME: {valueFrom: {fieldRef: {fieldPath: metadata.name}}}
  POD_NAMESPACE: {valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
  BELFRY_OPERATOR_JOB_TEMPLATE: {value: /etc/belfry/operator/job-template.yaml}
  # Also in the template; here it can be replaced by what replaces images in pods.
  BELFRY_OPERATOR_JOB_IMAGE: {value: {{ include "belfry.image" . | quote }}}
  BELFRY_OPERATOR_LEASE: {value: {{ include "belfry.fullname" . }}-operator}
volumes:
  - name: job-template
    configMap: {name: {{ include "belfry.fullname" . }}-operator}
mounts:
  - {name: job-template, mountPath: /etc/belfry/operator, readOnly: true}
{{- end -}}

{{/* JobTemplateSpec of the jobs that raise the alerts of AlertSchedules. The operator adds the alert. */}}
{{- define "belfry.operator.jobTemplate" -}}
{{- $at := dict "root" . "component" "scheduler" "values" .Values.scheduler -}}
metadata:
  labels:
    {{- include "belfry.podLabels" $at | nindent 4 }}
    belfry.dev/job: raise
spec:
  backoffLimit: {{ .Values.operator.job.backoffLimit }}
  activeDeadlineSeconds: {{ .Values.operator.job.activeDeadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "belfry.podLabels" $at | nindent 8 }}
        belfry.dev/job: raise
      {{- with .Values.scheduler.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      {{- $command := list "node" "dist/cmd/scheduler/main.js" "raise" }}
      {{- $spec := dict "container" "raise" "role" "scheduler" "command" $command "restartPolicy" "Never" "resources" .Values.operator.job.resources }}
      {{- include "belfry.podSpec" (merge $spec $at) | trim | nindent 6 }}
{{- end -}}
