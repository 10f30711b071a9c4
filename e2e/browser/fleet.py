"""Many nodes at once, straight in the database: what the fleet page does with them is under test, not their reports."""

import psycopg

INSERT = """
WITH made AS (
    INSERT INTO nodes (id, organization_id, token_sha256, name, hostname, tags, provider, os_id, os_name, os_version,
        kernel, architecture, cpu_count, memory_total_bytes, boot_at, addresses)
    SELECT 'many_' || n, o.id, sha256(('many ' || n)::bytea), 'node-' || lpad(n::text, 5, '0'),
        'node-' || n || '.example.net', ARRAY['many', CASE n %% 3 WHEN 0 THEN 'web' WHEN 1 THEN 'db' ELSE 'edge' END],
        (ARRAY['Hetzner', 'OVH', 'DigitalOcean', 'Linode'])[1 + n %% 4], 'debian', 'Debian GNU/Linux 12 (bookworm)',
        '12', '6.1.0', 'x86_64', 4, 4294967296, now() - make_interval(hours => n),
        ARRAY['10.1.' || n / 250 || '.' || n %% 250]
    FROM generate_series(1, %(count)s) AS n, (SELECT id FROM organizations LIMIT 1) AS o
    RETURNING number
)
INSERT INTO node_state (node, status, last_seen_at, sample_at, cpu_percent, memory_percent, memory_used_bytes,
    memory_total_bytes, disk_percent, disk_used_bytes, disk_total_bytes, swap_percent, receive_bytes_per_second,
    transmit_bytes_per_second, load_one, uptime_seconds, agent_version)
SELECT number, 'online', now(), now(), number %% 100, (number * 7) %% 100, 2147483648, 4294967296, (number * 3) %% 100,
    17179869184, 42949672960, 0, 1000 * number, 500 * number, 0.4, 86400, '0.1.0'
FROM made
ON CONFLICT (node) DO NOTHING
"""


def make(dsn: str, count: int) -> list[str]:
    """Answers their ids."""
    with psycopg.connect(dsn) as connection:
        connection.execute(INSERT, {"count": count})
    return [f"many_{number}" for number in range(1, count + 1)]


def remove(dsn: str, ids: list[str]) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM nodes WHERE id = ANY(%s)", (ids,))
