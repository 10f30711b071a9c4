"""The agents that are known, one line each: how their processes, units and packages are called.

Names are those of the makers' own packages and installers, and of the distributions where these differ.
"""

# ruff: noqa: E501 # a row of the table is a line, so that it can be found, sorted and compared

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """processes: names of programs, by `|`; one with a slash is the end of a path, one with a space a command line.

    units: without `.service`, unless of another type. packages: of any database. port: the usual one, told only when the
    agent is seen to listen on it.
    """

    key: str
    name: str
    processes: str
    units: str = ""
    packages: str = ""
    port: int | None = None


# fmt: off
KNOWN: tuple[Known, ...] = (
    Known("node_exporter", "Prometheus node_exporter", "node_exporter|prometheus-node-exporter", "node_exporter prometheus-node-exporter", "prometheus-node-exporter node_exporter golang-github-prometheus-node-exporter", 9100),
    Known("prometheus", "Prometheus", "prometheus", "prometheus", "prometheus prometheus2", 9090),
    Known("process_exporter", "process-exporter", "process-exporter|prometheus-process-exporter", "process-exporter prometheus-process-exporter", "prometheus-process-exporter process-exporter", 9256),
    Known("blackbox_exporter", "Prometheus blackbox_exporter", "blackbox_exporter|prometheus-blackbox-exporter", "blackbox_exporter prometheus-blackbox-exporter", "prometheus-blackbox-exporter blackbox_exporter", 9115),
    Known("netdata", "Netdata", "netdata", "netdata", "netdata netdata-core", 19999),
    Known("datadog", "Datadog Agent", "/datadog-agent/bin/agent/agent|/datadog-agent/bin/agent", "datadog-agent", "datadog-agent", 5001),
    Known("zabbix_agent", "Zabbix agent", "zabbix_agentd", "zabbix-agent", "zabbix-agent", 10050),
    Known("zabbix_agent2", "Zabbix agent 2", "zabbix_agent2", "zabbix-agent2", "zabbix-agent2", 10050),
    Known("telegraf", "Telegraf", "telegraf", "telegraf", "telegraf"),
    Known("alloy", "Grafana Alloy", "alloy", "alloy", "alloy", 12345),
    Known("grafana_agent", "Grafana Agent", "grafana-agent|grafana-agent-flow", "grafana-agent grafana-agent-flow", "grafana-agent grafana-agent-flow", 9090),
    Known("promtail", "Promtail", "promtail", "promtail", "promtail", 9080),
    Known("otelcol", "OpenTelemetry Collector", "otelcol|otelcol-contrib", "otelcol otelcol-contrib", "otelcol otelcol-contrib", 4317),
    Known("wazuh", "Wazuh agent", "wazuh-agentd", "wazuh-agent", "wazuh-agent"),
    Known("ossec", "OSSEC", "ossec-agentd", "ossec ossec-hids", "ossec-hids-agent"),
    Known("beszel", "Beszel agent", "beszel-agent", "beszel-agent", "beszel-agent", 45876),
    Known("nezha", "Nezha agent", "nezha-agent", "nezha-agent", "nezha-agent"),
    Known("komari", "Komari agent", "komari-agent", "komari-agent", "komari-agent"),
    Known("newrelic", "New Relic infrastructure agent", "newrelic-infra|newrelic-infra-service", "newrelic-infra", "newrelic-infra", 8001),
    Known("elastic_agent", "Elastic Agent", "elastic-agent", "elastic-agent", "elastic-agent"),
    Known("filebeat", "Filebeat", "filebeat", "filebeat", "filebeat"),
    Known("metricbeat", "Metricbeat", "metricbeat", "metricbeat", "metricbeat"),
    Known("auditbeat", "Auditbeat", "auditbeat", "auditbeat", "auditbeat"),
    Known("packetbeat", "Packetbeat", "packetbeat", "packetbeat", "packetbeat"),
    Known("heartbeat", "Heartbeat", "/heartbeat/bin/heartbeat", "heartbeat-elastic", "heartbeat-elastic"),
    Known("fluent_bit", "Fluent Bit", "fluent-bit|td-agent-bit", "fluent-bit td-agent-bit", "fluent-bit td-agent-bit", 2020),
    Known("fluentd", "Fluentd", "fluentd|td-agent", "fluentd td-agent", "fluent-package td-agent fluentd", 24224),
    Known("vector", "Vector", "vector", "vector", "vector", 8686),
    Known("checkmk", "Checkmk agent", "cmk-agent-ctl", "cmk-agent-ctl-daemon check-mk-agent.socket", "check-mk-agent", 6556),
    Known("icinga2", "Icinga 2", "icinga2", "icinga2", "icinga2 icinga2-bin", 5665),
    Known("nrpe", "Nagios NRPE", "nrpe", "nagios-nrpe-server nrpe", "nagios-nrpe-server nrpe", 5666),
    Known("ncpa", "Nagios NCPA", "ncpa", "ncpa ncpa_listener", "ncpa", 5693),
    Known("collectd", "collectd", "collectd|collectdmon", "collectd", "collectd collectd-core", 25826),
    Known("munin", "Munin node", "munin-node", "munin-node", "munin-node", 4949),
    Known("monit", "Monit", "monit", "monit", "monit", 2812),
    Known("osquery", "osquery", "osqueryd", "osqueryd", "osquery"),
    Known("falco", "Falco", "falco", "falco falco-modern-bpf falco-bpf falco-kmod", "falco", 8765),
    Known("crowdstrike", "CrowdStrike Falcon", "falcon-sensor|falcon-sensor-bpf|falcond", "falcon-sensor", "falcon-sensor"),
    Known("sentinelone", "SentinelOne", "s1-agent|s1-scanner", "sentinelone", "sentinelagent SentinelAgent"),
    Known("patchmon", "PatchMon agent", "patchmon-agent", "patchmon-agent", "patchmon-agent"),
    Known("glances", "Glances", "glances", "glances", "glances", 61208),
    Known("cadvisor", "cAdvisor", "cadvisor", "cadvisor", "cadvisor", 8080),
    Known("dynatrace", "Dynatrace OneAgent", "oneagentos|oneagentwatchdog", "oneagent"),
    Known("sentry_relay", "Sentry Relay", "sentry-relay|relay run", "sentry-relay", "sentry-relay", 3000),
    Known("splunk", "Splunk forwarder", "splunkd", "SplunkForwarder splunk Splunkd", "splunkforwarder splunk", 8089),
    Known("instana", "Instana agent", "/instana/agent/bin/karaf", "instana-agent", "instana-agent-dynamic instana-agent-static"),
    Known("qualys", "Qualys Cloud Agent", "qualys-cloud-agent", "qualys-cloud-agent", "qualys-cloud-agent"),
    Known("rapid7", "Rapid7 Insight Agent", "ir_agent", "ir_agent"),
    Known("defender", "Microsoft Defender", "wdavdaemon", "mdatp", "mdatp"),
    Known("tacticalrmm", "Tactical RMM agent", "tacticalagent", "tacticalagent", "tacticalagent"),
    Known("meshcentral", "MeshCentral agent", "meshagent", "meshagent"),
    Known("aws_cloudwatch", "AWS CloudWatch agent", "amazon-cloudwatch-agent", "amazon-cloudwatch-agent", "amazon-cloudwatch-agent"),
    Known("aws_ssm", "AWS Systems Manager agent", "amazon-ssm-agent", "amazon-ssm-agent snap.amazon-ssm-agent.amazon-ssm-agent", "amazon-ssm-agent"),
    Known("gcp_ops_agent", "Google Cloud Ops Agent", "google_cloud_ops_agent_engine|google_cloud_ops_agent_diagnostics", "google-cloud-ops-agent", "google-cloud-ops-agent"),
    Known("gcp_osconfig", "Google OS Config agent", "google_osconfig_agent", "google-osconfig-agent", "google-osconfig-agent"),
    Known("azure_monitor", "Azure Monitor agent", "amacoreagent|/azuremonitoragent/bin/mdsd", "azuremonitoragent", "azuremonitoragent"),
    Known("tencent_barad", "Tencent Cloud monitoring agent", "barad_agent", "", "barad_agent"),
    Known("tencent_cwp", "Tencent Cloud security agent", "YDService|YDLive", "YDService"),
    Known("tencent_tat", "Tencent Cloud automation agent", "tat_agent", "tat_agent", "tat_agent"),
    Known("alibaba_aegis", "Alibaba Cloud security agent", "AliYunDun|AliYunDunMonitor", "aegis"),
    Known("alibaba_cloudmonitor", "Alibaba Cloud monitoring agent", "argusagent|/cloudmonitor/bin/argusagent", "cloudmonitor", "cloudmonitor"),
    Known("digitalocean_agent", "DigitalOcean metrics agent", "do-agent", "do-agent", "do-agent"),
    Known("oracle_cloud_agent", "Oracle Cloud agent", "/oracle-cloud-agent/agent", "oracle-cloud-agent snap.oracle-cloud-agent.oracle-cloud-agent", "oracle-cloud-agent"),
    Known("linode_longview", "Linode Longview", "linode-longview|longview.pl", "longview", "linode-longview"),
    Known("pmm", "Percona PMM client", "pmm-agent", "pmm-agent", "pmm2-client pmm-client", 42001),
    Known("performance_copilot", "Performance Co-Pilot", "pmcd", "pmcd", "pcp", 44321),
    Known("snmpd", "Net-SNMP", "snmpd", "snmpd", "snmpd net-snmp", 161),
)
# fmt: on
