"""What /metrics tells of ingest."""

from prometheus_client import Counter, Histogram

REPORTS = Counter("nodestral_reports_total", "Reports that were acknowledged.", ["kind"])
REFUSED = Counter("nodestral_reports_refused_total", "Reports that were refused, by the problem's code.", ["code"])
REPORT_SECONDS = Histogram(
    "nodestral_report_seconds",
    "From the first byte of a report to its answer.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
COMMIT_SECONDS = Histogram(
    "nodestral_report_commit_seconds",
    "One commit of a batch of reports.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
BATCH = Histogram("nodestral_report_batch_size", "Reports in one commit.", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500))
