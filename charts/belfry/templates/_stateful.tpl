{{/* Parts of the StatefulSets of bundled PostgreSQL and Kafka. */}}

{{/* Head of the pod's spec. Takes root, values and uid. */}}
{{- define "belfry.stateful.pod" -}}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
automountServiceAccountToken: false
{{- /* A Service called kafka would else become KAFKA_PORT, and that a setting of the broker. */}}
enableServiceLinks: false
terminationGracePeriodSeconds: 120
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .uid }}
  runAsGroup: {{ .uid }}
  fsGroup: {{ .uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The claim `data`. It cannot change: no label of chart or users is on it. It stays when the release goes. Takes root, component, values. */}}
{{- define "belfry.stateful.claims" -}}
- metadata:
    name: data
    labels:
      {{- include "belfry.selectorLabels" . | nindent 6 }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .values.storage.className }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ .values.storage.size }}
{{- end -}}
