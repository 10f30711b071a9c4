SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '5min';

-- Accounts: who owns nodes, who may look at them. Ids of the API are text; tables of telemetry use the short numbers.
CREATE TABLE organizations (
    id text PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id text PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    -- argon2id, in its own text form
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE members (
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'viewer')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE sessions (
    -- SHA-256 of the cookie's value, which is kept nowhere
    secret_sha256 bytea PRIMARY KEY,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE install_tokens (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    secret_sha256 bytea NOT NULL UNIQUE,
    -- the first characters, so that people can tell tokens apart
    prefix text NOT NULL,
    name text NOT NULL,
    created_by text REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    uses_allowed integer NOT NULL,
    uses integer NOT NULL DEFAULT 0
);
CREATE INDEX install_tokens_organization ON install_tokens (organization_id, created_at);

-- A removed node keeps its row (its number stays the key of its telemetry) but its credential is good for nothing.
CREATE TABLE nodes (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE,
    token_sha256 bytea NOT NULL UNIQUE,
    install_token_id text REFERENCES install_tokens ON DELETE SET NULL,
    name text NOT NULL,
    hostname text NOT NULL,
    tags text [] NOT NULL DEFAULT '{}',
    machine_id_sha256 bytea,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    -- from section `system`, for lists and filters
    provider text,
    os_id text,
    os_name text,
    os_version text,
    kernel text,
    architecture text,
    cpu_model text,
    cpu_count integer,
    memory_total_bytes bigint,
    virtualization text,
    boot_at timestamptz,
    timezone text,
    addresses text [] NOT NULL DEFAULT '{}'
);
CREATE INDEX nodes_organization ON nodes (organization_id) WHERE removed_at IS NULL;
CREATE INDEX nodes_install_token ON nodes (install_token_id);

-- One narrow row a node, rewritten by every report: no index but the key, and room in each page, so that each rewrite
-- stays inside its page and touches no index.
CREATE TABLE node_state (
    node integer PRIMARY KEY REFERENCES nodes ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'online', 'silent')),
    partly_seen boolean NOT NULL DEFAULT FALSE,
    plain_http boolean NOT NULL DEFAULT FALSE,
    last_seen_at timestamptz,
    clock_offset_seconds real,
    sample_at timestamptz,
    memory_used_bytes bigint,
    memory_total_bytes bigint,
    disk_used_bytes bigint,
    disk_total_bytes bigint,
    uptime_seconds double precision,
    spooled_reports bigint NOT NULL DEFAULT 0,
    refused_reports bigint NOT NULL DEFAULT 0,
    dropped_reports bigint NOT NULL DEFAULT 0,
    cpu_percent real,
    memory_percent real,
    swap_percent real,
    disk_percent real,
    receive_bytes_per_second real,
    transmit_bytes_per_second real,
    load_one real,
    agent_version text,
    agent_python text,
    agent_user text,
    agent_scope text
) WITH (fillfactor = 50);

-- Reports arrive in order within an epoch, so one high-water mark tells what is already stored.
CREATE TABLE node_epochs (
    node integer NOT NULL REFERENCES nodes ON DELETE CASCADE,
    epoch bigint NOT NULL,
    mark bigint NOT NULL,
    -- SHA-256 of the last report, and of the one that it named as its forerunner; breaks counts reports whose
    -- forerunner was not the last one here, as happens when a machine was cloned
    digest bytea NOT NULL,
    prev bytea,
    breaks integer NOT NULL DEFAULT 0,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (node, epoch)
) WITH (fillfactor = 50);

-- Which metric stands at which place of samples.detail; one row for each distinct arrangement in the fleet.
CREATE TABLE sample_layouts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    -- array of [metric, key]
    series jsonb NOT NULL
);

-- One wide row a sample. Rates, shares and sizes are float4: a chart cannot show more than its seven digits, and it
-- halves the row. NULL: this node cannot measure it.
CREATE TABLE samples (
    at timestamptz NOT NULL,
    node integer NOT NULL,
    layout integer NOT NULL,
    interval_seconds real NOT NULL,
    uptime_seconds real NOT NULL,
    cpu_user_percent real NOT NULL,
    cpu_system_percent real NOT NULL,
    cpu_iowait_percent real NOT NULL,
    cpu_steal_percent real NOT NULL,
    cpu_idle_percent real NOT NULL,
    load_one real NOT NULL,
    load_five real NOT NULL,
    load_fifteen real NOT NULL,
    memory_total_bytes real NOT NULL,
    memory_used_bytes real NOT NULL,
    memory_available_bytes real NOT NULL,
    memory_cached_bytes real NOT NULL,
    memory_buffers_bytes real NOT NULL,
    swap_total_bytes real NOT NULL,
    swap_used_bytes real NOT NULL,
    processes_total real NOT NULL,
    processes_running real NOT NULL,
    processes_blocked real NOT NULL,
    receive_bytes_per_second real NOT NULL,
    transmit_bytes_per_second real NOT NULL,
    read_bytes_per_second real NOT NULL,
    write_bytes_per_second real NOT NULL,
    pressure_cpu_some_percent real,
    pressure_memory_some_percent real,
    pressure_memory_full_percent real,
    pressure_io_some_percent real,
    pressure_io_full_percent real,
    -- little-endian float4 values in the order of the layout: mounts, disks, NICs, cores
    detail bytea NOT NULL,
    PRIMARY KEY (node, at)
) PARTITION BY RANGE (at);

-- The content of an item, once for the whole fleet; the hash covers key and content.
CREATE TABLE facts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    section text NOT NULL,
    key text NOT NULL,
    hash bytea NOT NULL,
    content jsonb NOT NULL,
    UNIQUE (section, hash)
);
CREATE INDEX facts_key ON facts (section, key text_pattern_ops);

-- When a node had a fact. Open (to_at IS NULL) while it still has it.
CREATE TABLE presence (
    node integer NOT NULL REFERENCES nodes ON DELETE CASCADE,
    section text NOT NULL,
    fact bigint NOT NULL REFERENCES facts,
    from_at timestamptz NOT NULL,
    to_at timestamptz
);
CREATE UNIQUE INDEX presence_open ON presence (node, section, fact) WHERE to_at IS NULL;
CREATE INDEX presence_fact ON presence (fact, node);
CREATE INDEX presence_past ON presence (node, to_at) WHERE to_at IS NOT NULL;

-- What a node's last scan said of a section: the hash of its items, values that move on their own (JSON), coverage.
CREATE TABLE section_state (
    node integer NOT NULL REFERENCES nodes ON DELETE CASCADE,
    section text NOT NULL,
    hash bytea,
    gauges bytea,
    items integer NOT NULL DEFAULT 0,
    level text NOT NULL DEFAULT 'full' CHECK (level IN ('full', 'partial', 'denied', 'absent', 'error')),
    reason text NOT NULL DEFAULT '',
    grant_wanted text NOT NULL DEFAULT '',
    duration_seconds real NOT NULL DEFAULT 0,
    observed_at timestamptz NOT NULL,
    PRIMARY KEY (node, section)
) WITH (fillfactor = 70);
