{{/* What a component may reach, as a list of rules. Takes root and component. */}}
{{- define "belfry.network.egress" -}}
{{- $root := .root -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $config := .root.Values.config -}}
{{- $component := .component -}}
{{- $own := index .root.Values $component | default dict -}}
{{- $rules := list -}}
{{- if ne $component "postgresql" -}}
{{- $ports := list -}}
{{- range $policy.dnsPorts }}{{ $ports = concat $ports (list (dict "port" (int .) "protocol" "UDP") (dict "port" (int .) "protocol" "TCP")) }}{{ end -}}
{{- $dns := dict "ports" $ports -}}
{{- with $policy.dns }}{{ $_ := set $dns "to" . }}{{ end -}}
{{- $rules = append $rules (list $dns | toYaml) -}}
{{- end -}}
{{- if has $component (list "api" "push" "worker" "scheduler" "migrate" "test") }}{{ $rules = append $rules (include "belfry.network.toPostgresql" $root) }}{{ end -}}
{{- if and (has $component (list "push" "worker" "migrate" "kafka")) (ne $root.Values.kafka.mode "none") }}{{ $rules = append $rules (include "belfry.network.toKafka" $root) }}{{ end -}}
{{- if eq $component "kafka" -}}
{{- $brokers := include "belfry.network.users" (dict "root" $root "components" (list "kafka")) | fromYamlArray -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "to" "peers" $brokers "ports" (list 9093))) -}}
{{- end -}}
{{- if eq $component "test" -}}
{{- $servers := include "belfry.network.users" (dict "root" $root "components" (list "api" "push")) | fromYamlArray -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "to" "peers" $servers "ports" (list 8080 8081))) -}}
{{- end -}}
{{- if has $component (list "operator" "secrets") -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "to" "peers" $policy.apiServer.to "ports" $policy.apiServer.ports)) -}}
{{- end -}}
{{- if and $config.tracing.otlpEndpoint (has $component (list "api" "push" "worker" "operator")) -}}
{{- $rules = append $rules (include "belfry.network.toUrl" (dict "url" $config.tracing.otlpEndpoint "peers" $policy.otlp)) -}}
{{- end -}}
{{- if and $config.attachments.s3.url (has $component (list "api" "scheduler")) -}}
{{- $rules = append $rules (include "belfry.network.toUrl" (dict "url" $config.attachments.s3.url "peers" $policy.s3)) -}}
{{- end -}}
{{- if and (eq $component "worker") (include "belfry.hasChannels" $root) -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "to" "peers" $policy.channels.to "ports" $policy.channels.ports)) -}}
{{- end -}}
{{- if and (eq $component "scheduler") $root.Values.scheduler.jobs.feed.enabled -}}
{{- $private := list "10.0.0.0/8" "172.16.0.0/12" "192.168.0.0/16" "100.64.0.0/10" "169.254.0.0/16" "127.0.0.0/8" -}}
{{- $public := list (dict "ipBlock" (dict "cidr" "0.0.0.0/0" "except" $private)) (dict "ipBlock" (dict "cidr" "::/0" "except" (list "fc00::/7" "fe80::/10" "::1/128"))) -}}
{{- $peers := $policy.feed.to -}}
{{- if not $peers }}{{ $peers = ternary list $public $config.feed.allowPrivateAddresses }}{{ end -}}
{{- $rules = append $rules (include "belfry.network.rule" (dict "direction" "to" "peers" $peers "ports" $policy.feed.ports)) -}}
{{- end -}}
{{- with ($own.networkPolicy | default dict).extraEgress }}{{ $rules = append $rules (toYaml .) }}{{ end -}}
{{- $rules | join "\n" | default "[]" -}}
{{- end -}}

{{- define "belfry.network.toPostgresql" -}}
{{- $mode := .Values.postgresql.mode -}}
{{- $peers := .Values.networkPolicy.postgresql -}}
{{- $port := 5432 -}}
{{- if eq $mode "bundled" -}}
{{- $peers = include "belfry.network.users" (dict "root" . "components" (list "postgresql")) | fromYamlArray -}}
{{- else if eq $mode "cnpg" -}}
{{- $peers = list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" (include "belfry.postgresql.cluster" .)))) -}}
{{- else -}}
{{- $port = int .Values.postgresql.external.port -}}
{{- end -}}
{{- include "belfry.network.rule" (dict "direction" "to" "peers" $peers "ports" (list $port)) -}}
{{- end -}}

{{- define "belfry.network.toKafka" -}}
{{- $kafka := .Values.kafka -}}
{{- $peers := .Values.networkPolicy.kafka -}}
{{- $ports := list 9092 -}}
{{- if eq $kafka.mode "bundled" -}}
{{- $peers = include "belfry.network.users" (dict "root" . "components" (list "kafka")) | fromYamlArray -}}
{{- else if eq $kafka.mode "strimzi" -}}
{{- $ports = list (int $kafka.strimzi.port) -}}
{{- $namespace := dict "matchLabels" (dict "kubernetes.io/metadata.name" ($kafka.strimzi.namespace | default .Release.Namespace)) -}}
{{- $peers = list (dict "namespaceSelector" $namespace "podSelector" (dict "matchLabels" (dict "strimzi.io/cluster" $kafka.strimzi.clusterName))) -}}
{{- else -}}
{{- $ports = list -}}
{{- range $kafka.external.brokers }}{{ $ports = append $ports (splitList ":" . | last | int) }}{{ end -}}
{{- end -}}
{{- include "belfry.network.rule" (dict "direction" "to" "peers" $peers "ports" (uniq $ports)) -}}
{{- end -}}

{{/* Takes url and peers. */}}
{{- define "belfry.network.toUrl" -}}
{{- $port := regexFind ":[0-9]+$" (urlParse .url).host | trimPrefix ":" -}}
{{- $port = $port | default (ternary "443" "80" (hasPrefix "https:" .url)) -}}
{{- include "belfry.network.rule" (dict "direction" "to" "peers" .peers "ports" (list (int $port))) -}}
{{- end -}}

{{/* "true" when alerts leave by e-mail, SMS or webhook. */}}
{{- define "belfry.hasChannels" -}}
{{- $c := .Values.config -}}
{{- if or $c.email.smtpUrl.value $c.email.smtpUrl.existingSecret $c.sms.url $c.webhook.url.value $c.webhook.url.existingSecret }}true{{ end -}}
{{- end -}}
