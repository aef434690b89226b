{{/*
The settings of docs/configuration.md that values.yaml has, with the roles that read them. A value that is empty is not passed on: the
program's own default counts. Those of PostgreSQL and Kafka are in _postgresql.tpl and _kafka.tpl.
*/}}
{{- define "belfry.settings" -}}
{{- $c := .Values.config -}}
LOG_LEVEL: {roles: [api, push, worker, scheduler, operator], value: {{ $c.logLevel }}}
HOST: {roles: [api, push], value: {{ $c.listenAddress | quote }}}
INTERNAL_HOST: {roles: [api, push, worker, operator], value: {{ $c.listenAddress | quote }}}
OTLP_ENDPOINT: {roles: [api, push, worker, operator], value: {{ $c.tracing.otlpEndpoint | quote }}}
TRACE_RATIO: {roles: [api, push, worker, operator], value: {{ regexReplaceAll `\.?0+$` (printf "%.6f" (float64 $c.tracing.ratio)) "" | quote }}}

JWT_SECRET: {roles: [api, push], secret: {{ toJson $c.jwtSecret }}}
SESSION_DAYS: {roles: [api], value: {{ int64 $c.sessions.days }}}
JWT_MINUTES: {roles: [api], value: {{ int64 $c.sessions.jwtMinutes }}}
PASSWORD_MIN_LENGTH: {roles: [api], value: {{ int64 $c.passwords.minLength }}}
LOGIN_FAILURES: {roles: [api], value: {{ int64 $c.passwords.failures }}}
REGISTRATION: {roles: [api], value: {{ $c.registration }}}
REGISTRATIONS_PER_HOUR: {roles: [api], value: {{ int64 $c.rateLimits.registrationsPerHour }}}
RATE_LIMIT_PER_MINUTE: {roles: [api], value: {{ int64 $c.rateLimits.perMinute }}}
RATE_LIMIT_ADDRESS_PER_MINUTE: {roles: [api], value: {{ int64 $c.rateLimits.addressPerMinute }}}
TRUSTED_PROXIES: {roles: [api], value: {{ include "belfry.trustedProxies" . }}}
PHONE_COUNTRY: {roles: [api], value: {{ $c.phoneCountry | quote }}}
STATUS_HOURS: {roles: [api], value: {{ int64 $c.statusHours }}}
GRAFANA_URL: {roles: [api], value: {{ $c.grafanaUrl | quote }}}
MESSAGES_DAYS: {roles: [api], value: {{ int64 $c.messagesDays }}}

ATTACHMENT_MB: {roles: [api], value: {{ int64 $c.attachments.maxMegabytes }}}
ATTACHMENTS_S3_URL: {roles: [api, scheduler], value: {{ $c.attachments.s3.url | quote }}}
ATTACHMENTS_S3_BUCKET: {roles: [api, scheduler], value: {{ $c.attachments.s3.bucket | quote }}}
ATTACHMENTS_S3_REGION: {roles: [api, scheduler], value: {{ $c.attachments.s3.region | quote }}}
ATTACHMENTS_S3_KEY: {roles: [api, scheduler], secret: {{ toJson $c.attachments.s3.accessKey }}}
ATTACHMENTS_S3_SECRET: {roles: [api, scheduler], secret: {{ toJson $c.attachments.s3.secretKey }}}

SMTP_URL: {roles: [api, worker], secret: {{ toJson $c.email.smtpUrl }}}
MAIL_FROM: {roles: [api, worker], value: {{ $c.email.from | quote }}}
SMS_PROVIDER: {roles: [api, worker], value: {{ $c.sms.provider }}}
SMS_URL: {roles: [api, worker], value: {{ $c.sms.url | quote }}}
SMS_FROM: {roles: [api, worker], value: {{ $c.sms.from | quote }}}
SMS_ACCOUNT: {roles: [api, worker], value: {{ $c.sms.account | quote }}}
SMS_TOKEN: {roles: [api, worker], secret: {{ toJson $c.sms.token }}}
WEBHOOK_URL: {roles: [api, worker], secret: {{ toJson $c.webhook.url }}}
WEBHOOK_SECRET: {roles: [api, worker], secret: {{ toJson $c.webhook.secret }}}
DELIVERY_ATTEMPTS: {roles: [worker], value: {{ int64 $c.deliveries.attempts }}}
DELIVERY_CONCURRENCY: {roles: [worker], value: {{ int64 $c.deliveries.concurrency }}}

RETENTION_DAYS: {roles: [scheduler], value: {{ int64 $c.retentionDays }}}
SCHEDULE_CATCH_UP_MINUTES: {roles: [scheduler], value: {{ int64 $c.scheduleCatchUpMinutes }}}
FEED_ALLOW_PRIVATE: {roles: [scheduler], value: {{ ternary "on" "off" $c.feed.allowPrivateAddresses | quote }}}
X_API_URL: {roles: [scheduler], value: {{ $c.feed.xApiUrl | quote }}}
X_API_TOKEN: {roles: [api, scheduler], secret: {{ toJson $c.feed.xApiToken }}}

RING_MB: {roles: [push], value: {{ int64 .Values.push.ringMegabytes }}}
SOCKET_BUFFER_BYTES: {roles: [push], value: {{ int64 .Values.push.socketBufferBytes }}}
STREAM_IDLE_SECONDS: {roles: [push], value: {{ int64 .Values.push.idleSeconds }}}
DRAIN_SECONDS: {roles: [push], value: {{ int64 .Values.push.drainSeconds }}}
{{- end -}}

{{- define "belfry.trustedProxies" -}}
{{- if kindIs "invalid" .Values.config.trustedProxies -}}
{{- ternary 1 0 (or .Values.ingress.enabled .Values.httpRoute.enabled) -}}
{{- else -}}
{{- int64 .Values.config.trustedProxies -}}
{{- end -}}
{{- end -}}
