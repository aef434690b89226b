{{/*
Spec of a pod of Belfry's image. Takes root; component; values, those of the component; role, whose settings it reads; command; and,
optionally:
  own             further variables, a map of name to entry
  ports           of the container, a map of name to number; "internal" brings the probes along
  wait            whether an init container waits for the schema
  apiServer       whether the pod speaks to the API server
  volumes, mounts further ones, lists
  grace           seconds before SIGKILL
  restartPolicy   of a Job's pod
  resources       other ones than values.resources
*/}}
{{- define "belfry.podSpec" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
serviceAccountName: {{ include "belfry.serviceAccountName" . }}
automountServiceAccountToken: {{ .apiServer | default false }}
{{- /* Else BELFRY_..._PORT and the like would be in the environment, and Belfry refuses settings that it does not know. */}}
enableServiceLinks: false
{{- with .restartPolicy }}
restartPolicy: {{ . }}
{{- end }}
{{- with .grace }}
terminationGracePeriodSeconds: {{ . }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- if .wait }}
initContainers:
  - name: wait-for-schema
    {{- $command := list "belfry" "migrate" "wait" "--timeout" (toString (int64 $root.Values.migrate.waitSeconds)) }}
    {{- $log := dict }}
    {{- if has .role (list "push" "worker") }}{{ $log = pick (include "belfry.kafka.env" $root | fromYaml) "BELFRY_LOG" }}{{ end }}
    {{- $env := include "belfry.env" (dict "root" $root "role" "database" "own" $log) }}
    {{- include "belfry.container" (dict "root" $root "role" "database" "command" $command "env" $env "resources" $root.Values.migrate.resources) | nindent 4 }}
{{- end }}
containers:
  - name: {{ .container | default .component }}
    {{- $env := include "belfry.env" (merge (dict "extraEnv" $values.extraEnv) (pick . "root" "role" "own")) }}
    {{- $mounts := concat (.mounts | default list) ($values.extraVolumeMounts | default list) }}
    {{- include "belfry.container" (merge (dict "env" $env "mounts" $mounts "resources" (.resources | default $values.resources)) (pick . "root" "role" "command" "ports")) | nindent 4 }}
volumes:
  {{- include "belfry.volumes" . | nindent 2 }}
  {{- with concat (.volumes | default list) ($values.extraVolumes | default list) }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if not .restartPolicy }}
{{- with include "belfry.topologySpread" (dict "root" $root "component" .component "constraints" $root.Values.topologySpreadConstraints) }}
topologySpreadConstraints:
  {{- trim . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A container without its name. Takes root, command, env, resources and, optionally, role, ports and mounts. */}}
{{- define "belfry.container" -}}
image: {{ include "belfry.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
command: {{ toJson .command }}
env:
  {{- .env | nindent 2 }}
{{- with .ports }}
ports:
  {{- range $name, $port := . }}
  - name: {{ $name }}
    containerPort: {{ $port }}
  {{- end }}
{{- end }}
{{- if hasKey (.ports | default dict) "internal" }}
{{- $get := dict "path" "/healthz" "port" "internal" }}
startupProbe:
  {{- merge (dict "httpGet" $get) .root.Values.probes.startup | toYaml | nindent 2 }}
livenessProbe:
  {{- merge (dict "httpGet" $get) .root.Values.probes.liveness | toYaml | nindent 2 }}
readinessProbe:
  {{- merge (dict "httpGet" (dict "path" "/readyz" "port" "internal")) .root.Values.probes.readiness | toYaml | nindent 2 }}
{{- end }}
resources:
  {{- toYaml .resources | nindent 2 }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if or .root.Values.config.extraCaCerts.configMap .root.Values.config.extraCaCerts.secret }}
  - name: extra-ca
    mountPath: /etc/belfry/ca
    readOnly: true
  {{- end }}
  {{- if and (has .role (list "push" "worker" "migrate")) (include "belfry.kafka.files" .root | fromYaml) }}
  - name: kafka-tls
    mountPath: /etc/belfry/kafka
    readOnly: true
  {{- end }}
  {{- with .mounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "belfry.volumes" -}}
- name: tmp
  emptyDir: {}
{{- with .root.Values.config.extraCaCerts }}
{{- if .configMap }}
- name: extra-ca
  configMap:
    name: {{ .configMap }}
    items: [{key: {{ .key }}, path: extra-ca.crt}]
{{- else if .secret }}
- name: extra-ca
  secret:
    secretName: {{ .secret }}
    items: [{key: {{ .key }}, path: extra-ca.crt}]
{{- end }}
{{- end }}
{{- if has .role (list "push" "worker" "migrate") }}
{{- with include "belfry.kafka.files" .root | fromYaml }}
- name: kafka-tls
  projected:
    sources:
      {{- with .ca }}
      - secret:
          name: {{ .secret }}
          items: [{key: {{ .key }}, path: ca.crt}]
      {{- end }}
      {{- with .client }}
      - secret:
          name: {{ .secret }}
          items: [{key: {{ .cert }}, path: client.crt}, {key: {{ .key }}, path: client.key}]
      {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Constraints with the selector of a component. Takes root, component and constraints. */}}
{{- define "belfry.topologySpread" -}}
{{- $selector := include "belfry.selectorLabels" . | fromYaml -}}
{{- range .constraints }}
- {{ merge dict . (dict "labelSelector" (dict "matchLabels" $selector) "matchLabelKeys" (list "pod-template-hash")) | toYaml | nindent 2 | trim }}
{{- end }}
{{- end -}}
