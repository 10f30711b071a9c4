#!/bin/sh
# Installs the Nodestral agent on this machine, upgrades it, or leaves it as it is. Safe to run again.
#
#   curl -sfL https://nodestral.example.com/install.sh | sh -s nst_install_EXAMPLE
#
# Run by root, the agent gets an account of its own and a hardened service. Run by anybody else, everything stays under
# that user's home directory. In both cases it gets no privilege: no root, no sudo, no capability, no set-uid file. What
# needs one is read by helper units, which are installed only when --enable names them.
# `sh install.sh --help` lists the options; uninstall.sh, beside this file on the server, removes every trace.

# Every variable, with an example.
served_by='@NODESTRAL_SERVER_URL@' # https://nodestral.example.com  (the server that serves this file fills in this line)
server=                            # https://nodestral.example.com  --server, otherwise served_by
scheme=                            # https                          first part of server
host=                              # nodestral.example.com          the middle part of it
token=                             # nst_install_EXAMPLE            first argument, --token-file or NODESTRAL_INSTALL_TOKEN
token_file=                        # /run/secrets/token, or -       --token-file
node_name=                         # web-1                          --name, otherwise the host name
ca_file=                           # /etc/ssl/own-ca.pem            --ca-file, otherwise the system's authorities
plain_http=                        # yes                            --allow-plain-http
enroll_again=                      # yes                            --enroll-again
with_service=yes                   # no                             --no-service
dry_run=                           # yes                            --dry-run
enable=                            # firewall,certificates          --enable
disable=                           # certificates                   --disable
new_helpers=                       # firewall                       those that this run has put here
helpers=                           # firewall                       those that this machine is to have
HELPERS='firewall certificates'    # firewall certificates          all that there are
mode=                              # system                         or user: system when run by root
account=                           # nodestral-agent                who runs the agent
library=                           # /opt/nodestral                 the program: one folder per version, `current` points to one
state=                             # /var/lib/nodestral-agent       the node's credential and its spool
command_path=                      # /usr/local/bin/nodestral-agent what to type
unit_path=                         # /etc/systemd/system/nodestral-agent.service
unit=nodestral-agent.service       # nodestral-agent.service
units=/etc/systemd/system          # /etc/systemd/system            where helpers' units are
python=                            # /usr/bin/python3               3.9 or newer
downloader=                        # curl                           or wget, or plain-wget (BusyBox: it verifies nothing)
work=                              # /tmp/nodestral-install.x7Qa    removed at the end
version=                           # 0.1.0-5f3c9a12                 the agent's version and the first digits of its checksum
previous=                          # 0.0.9-1b2c3d4e                 the version that `current` pointed to before
changed=                           # yes                            so the service has to start anew
linger=untouched                   # enabled                        by this script, so that uninstall.sh takes it back
made_account=                      # yes                            this run created the account
enabled_linger=                    # yes                            this run enabled linger
kept_state=                        # /var/lib/nodestral-agent.old   the old identity while a new one is being made
finished=                          # yes                            nothing is left to undo
LARGEST_AGENT_BYTES=8388608        # 8388608                        more than that is no agent

say() { printf '%s\n' "$*"; }

fail() {
  printf 'nodestral: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '           %s\n' "$line" >&2; done
  exit 1
}

usage() {
  cat <<'USAGE'
usage: sh install.sh [INSTALL-TOKEN] [OPTIONS]

The token may also come from the environment variable NODESTRAL_INSTALL_TOKEN, or from a file.

  --token-file FILE     read the token from FILE; - is standard input
  --server URL          the Nodestral server (default: the one this script came from)
  --name NAME           what to call this node (default: its host name)
  --ca-file FILE        trust the certificate authorities in FILE, in PEM form, instead of the system's
  --allow-plain-http    talk to the server without encryption even though it is not this machine
  --enroll-again        give up this machine's present node and become a new one
  --no-service          install and enroll, but set up no systemd service
  --enable LIST         let helpers read what the agent may not: firewall, certificates (comma between them); root only
  --disable LIST        take helpers away again
  --dry-run             say what would be done, and do nothing
USAGE
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --server | --name | --ca-file | --token-file | --enable | --disable) [ $# -ge 2 ] || fail "$1 needs a value." ;;
    esac
    case $1 in
      --enable) enable=$enable,$2 && shift ;;
      --enable=*) enable=$enable,${1#*=} ;;
      --disable) disable=$disable,$2 && shift ;;
      --disable=*) disable=$disable,${1#*=} ;;
      --server) server=$2 && shift ;;
      --name) node_name=$2 && shift ;;
      --ca-file) ca_file=$2 && shift ;;
      --token-file) token_file=$2 && shift ;;
      --allow-plain-http) plain_http=yes ;;
      --enroll-again) enroll_again=yes ;;
      --no-service) with_service=no ;;
      --dry-run) dry_run=yes ;;
      -h | --help) usage && exit 0 ;;
      -*) fail "there is no option $1." "sh install.sh --help lists them." ;;
      *)
        [ -z "$token" ] || fail "more than one token was given."
        token=$1
        ;;
    esac
    shift
  done
}

# The token leaves the environment at once, so that no program started from here inherits it.
take_token() {
  from_environment=${NODESTRAL_INSTALL_TOKEN:-}
  unset NODESTRAL_INSTALL_TOKEN
  if [ -z "$token" ] && [ -n "$token_file" ]; then
    if [ "$token_file" = - ]; then
      IFS= read -r token || [ -n "$token" ] || fail "there is no token on standard input."
    else
      IFS= read -r token <"$token_file" || [ -n "$token" ] || fail "there is no token in $token_file."
    fi
  fi
  token=${token:-$from_environment}
  from_environment=
  case $token in
    '') ;;
    *[!A-Za-z0-9_-]*) fail "that is no install token: it has characters that no token has." ;;
    nst_install_?*) ;;
    *) fail "that is no install token: they begin with nst_install_." ;;
  esac
  # Nothing that is started from here may eat the rest of this script.
  exec </dev/null
}

is_loopback() {
  case $1 in
    localhost | '[::1]') return 0 ;;
    *[!0-9.]*) return 1 ;;
    127.*.*.*) return 0 ;;
    *) return 1 ;;
  esac
}

check_server() {
  case $served_by in @*) served_by= ;; esac
  server=${server:-$served_by}
  [ -n "$server" ] || fail "which server? Name it with --server https://HOST."
  while [ "${server%/}" != "$server" ]; do server=${server%/}; done
  rest=${server#*://}
  case $rest in
    '' | -* | *[!][A-Za-z0-9:/._~-]*) fail "$server is no server address. An example: https://nodestral.example.com" ;;
  esac
  address=${rest%%/*}
  case $address in
    \[*) host=${address%%]*}']' ;;
    *) host=${address%%:*} ;;
  esac
  scheme=${server%%://*}
  case $scheme in
    https) ;;
    http)
      if ! is_loopback "$host" && [ -z "$plain_http" ]; then
        fail "$server is not encrypted: anybody on the way could read and change what is sent." \
          "Use https://, or say --allow-plain-http if you know that way."
      fi
      ;;
    *) fail "$server is no server address. An example: https://nodestral.example.com" ;;
  esac
  if [ -n "$ca_file" ]; then
    case $ca_file in /*) ;; *) ca_file=$PWD/$ca_file ;; esac
    [ -r "$ca_file" ] || fail "$ca_file cannot be read."
  fi
}

choose_mode() {
  [ "$(uname -s)" = Linux ] || fail "this agent runs on Linux; here is $(uname -s)."
  if [ "$(id -u)" = 0 ]; then
    mode=system
    account=nodestral-agent
    library=/opt/nodestral
    state=/var/lib/nodestral-agent
    command_path=/usr/local/bin/nodestral-agent
    unit_path=/etc/systemd/system/$unit
  else
    mode=user
    account=$(id -un 2>/dev/null || id -u)
    [ -d "${HOME:-}" ] && [ -w "$HOME" ] || fail "$account has no home directory to write to, so there is no place for the agent."
    library=$HOME/.local/lib/nodestral-agent
    state=$HOME/.local/state/nodestral
    command_path=$HOME/.local/bin/nodestral-agent
    unit_path=$HOME/.config/systemd/user/$unit
  fi
}

# The account that runs the agent must be able to start Python: in system mode one of the system's own.
find_python() {
  if [ "$mode" = system ]; then places='/usr/bin/ /usr/local/bin/'; else places='/usr/bin/ /usr/local/bin/ search'; fi
  for place in $places; do
    for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9; do
      if [ "$place" = search ]; then found=$(command -v "$name") || continue; else found=$place$name; fi
      [ -x "$found" ] || continue
      case $found in *[!A-Za-z0-9/._+-]*) continue ;; esac # it is written into the unit and the command
      # The modules that a stripped Python lacks first.
      if "$found" -I -S -B -c 'import sys, ssl, json, hashlib, zipfile; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        python=$found
        return
      fi
    done
  done
  fail "the agent needs Python 3.9 or newer with its standard library, and this machine has none that $account can run." \
    "On Debian and Ubuntu: apt-get install python3"
}

find_downloader() {
  if command -v curl >/dev/null; then
    downloader=curl
  elif wget --version 2>/dev/null | head -n 1 | grep -q '^GNU Wget'; then
    downloader=wget
  elif command -v wget >/dev/null && [ "$scheme" = http ]; then
    downloader=plain-wget
  elif command -v wget >/dev/null; then
    fail "this machine's wget does not verify certificates. Install curl or GNU wget."
  else
    fail "curl or wget is needed to download the agent."
  fi
}

contains() { case " $1 " in *" $2 "*) return 0 ;; *) return 1 ;; esac }

# The helpers that this machine is to have: those that it has, with what was asked for.
choose_helpers() {
  enable=$(printf '%s' "$enable" | tr ',' ' ')
  disable=$(printf '%s' "$disable" | tr ',' ' ')
  for helper in $enable $disable; do
    contains "$HELPERS" "$helper" || fail "there is no helper $helper." "There are: $HELPERS"
  done
  if [ -n "$enable$disable" ]; then
    [ "$mode" = system ] || fail "helpers belong to the whole machine's agent: --enable and --disable are for root."
    [ "$with_service" = yes ] || fail "helpers are units of systemd: --enable and --no-service do not go together."
  fi
  for helper in $HELPERS; do
    if [ "$mode" = user ] || contains "$disable" "$helper"; then continue; fi
    if contains "$enable" "$helper" || [ -e "$units/nodestral-helper-$helper.service" ]; then helpers="$helpers $helper"; fi
  done
  helpers=${helpers# }
}

# What a helper may do, in words: it is shown before it is granted.
tell_helper() {
  say "  helper    $1: $units/nodestral-helper-$1.service, every 5 minutes, as the account nodestral-$1"
  case $1 in
    firewall)
      say "            with CAP_NET_ADMIN, without which the kernel shows no rule and with which rules could be changed;"
      say "            it is shut off from the network, from sockets and from writing anything but its own file"
      ;;
    certificates)
      say "            with CAP_DAC_READ_SEARCH, with which any file that it sees can be read; it sees of /etc, /var and"
      say "            homes only where certificates are kept, has no network, and writes nothing but its own file"
      ;;
  esac
}

control() { if [ "$mode" = system ]; then systemctl "$@"; else systemctl --user "$@"; fi; }

user_manager_answers() { [ -S "$XDG_RUNTIME_DIR/systemd/private" ] && systemctl --user show-environment >/dev/null 2>&1; }

# Whoever is to be asked for the service must be there before anything is changed.
check_service_manager() {
  [ "$with_service" = yes ] || return 0
  if [ ! -d /run/systemd/system ] || ! command -v systemctl >/dev/null; then
    fail "systemd does not run on this machine, so nothing would keep the agent running." \
      "With --no-service it is installed without; you start it yourself: $command_path run"
  fi
  if [ "$mode" = user ]; then
    # After `su` without a dash it is that of the user before.
    if [ ! -w "${XDG_RUNTIME_DIR:-}" ]; then XDG_RUNTIME_DIR=/run/user/$(id -u); fi
    export XDG_RUNTIME_DIR
  fi
}

# Without linger a user's services end with the last session. Where it may be enabled, that also starts the manager.
prepare_user_manager() {
  [ "$mode" = user ] && [ "$with_service" = yes ] || return 0
  if [ ! -e "/var/lib/systemd/linger/$account" ]; then
    if loginctl --no-ask-password enable-linger "$account" >/dev/null 2>&1; then
      enabled_linger=yes
      linger=enabled
    fi
  fi
  tries=0
  until user_manager_answers; do
    tries=$((tries + 1))
    [ "$tries" -le 50 ] || fail "there is no systemd user manager for $account, so nothing would keep the agent running." \
      "Log in as $account (not by su), or let root say: loginctl enable-linger $account" \
      "With --no-service it is installed without; you start it yourself: $command_path run"
    [ -e "/var/lib/systemd/linger/$account" ] || tries=51
    sleep 0.2
  done
}

# Makes a folder and writes down each one that was missing, so that uninstall.sh takes away these and no others.
make_folder() {
  if [ -d "$1" ]; then return; fi
  make_folder "${1%/*}"
  mkdir "$1"
  say "made=$1" >>"$work/made"
}

record() { if [ -r "$library/install-record" ]; then sed -n "s/^$1=//p" "$library/install-record"; fi; }

token_sha256() { printf '%s' "$token" | sha256sum | cut -c 1-64; }

# What this machine is already, and whether the wish fits it.
check_enrolment() {
  known_server=$(record server)
  [ -d "$state" ] || known_server=
  if [ -z "$known_server" ]; then
    [ -n "$token" ] || fail "an install token is needed. The dashboard makes one: Add a server."
    return
  fi
  if [ -n "$enroll_again" ]; then
    [ -n "$token" ] || fail "--enroll-again needs an install token. The dashboard makes one: Add a server."
    return
  fi
  if [ "$known_server" != "$server" ]; then
    fail "this machine already reports to $known_server." \
      "To let it report to $server instead, as a new node, say --enroll-again."
  fi
  if [ -n "$token" ] && [ "$(token_sha256)" != "$(record token_sha256)" ]; then
    fail "this machine is already a node of $server, by another install token." \
      "To upgrade it and keep the node, leave the token out. To become a new node with it, say --enroll-again."
  fi
  token=
}

plan() {
  say "Nodestral agent"
  say "  server    $server"
  if [ "$scheme" = http ] && is_loopback "$host"; then
    say "            not encrypted, and does not leave this machine"
  elif [ "$scheme" = http ]; then
    say "            not encrypted (--allow-plain-http)"
  fi
  if [ "$mode" = system ]; then
    say "  mode      whole machine; runs as the account $account, without any privilege"
  else
    say "  mode      your user $account; nothing outside $HOME is touched"
    if [ -e "/opt/nodestral/install-record" ]; then
      say "            note: this machine already has an agent for the whole machine; this one will be a second node"
    fi
  fi
  say "  program   $library"
  say "  state     $state"
  case $with_service in
    yes) say "  service   $unit_path" ;;
    *) say "  service   none (--no-service)" ;;
  esac
  for helper in $helpers; do tell_helper "$helper"; done
  for helper in $disable; do say "  helper    $helper: taken away"; done
  say "  python    $python"
}

fetch() {
  address=$server$1
  case $downloader in
    curl)
      status=$(curl -q --fail --silent --show-error --proto "=$scheme" --connect-timeout 15 --max-time 120 \
        --max-filesize "$LARGEST_AGENT_BYTES" ${ca_file:+--cacert "$ca_file"} \
        --write-out '%{http_code}' --output "$2" "$address") || return 1
      [ "$status" = 200 ]
      ;;
    wget)
      wget --no-config --quiet --timeout 30 --tries 2 --max-redirect 0 ${ca_file:+--ca-certificate "$ca_file"} \
        --output-document "$2" "$address"
      ;;
    *) wget -q -O "$2" "$address" ;;
  esac
}

# The checksum comes over the same verified connection: it finds what the way broke, and the connection proves the sender.
download() {
  for file in nodestral-agent.pyz.sha256 nodestral-agent.pyz; do
    fetch "/install/$file" "$work/$file" || fail "the agent could not be downloaded from $server."
  done
  read -r expected _ <"$work/nodestral-agent.pyz.sha256" || :
  case $expected in
    *[!0-9a-f]*) expected= ;;
  esac
  [ "${#expected}" = 64 ] || fail "$server sent no checksum for the agent."
  size=$(wc -c <"$work/nodestral-agent.pyz")
  [ "$size" -le "$LARGEST_AGENT_BYTES" ] || fail "what $server sent is too large to be the agent."
  found=$(sha256sum <"$work/nodestral-agent.pyz" | cut -c 1-64)
  [ "$found" = "$expected" ] || fail "the download is damaged: its checksum is $found, it should be $expected."
  say "downloaded the agent ($((size / 1024)) KiB, checksum matches)"
}

create_account() {
  [ "$mode" = system ] || return 0
  if id "$account" >/dev/null 2>&1; then return; fi
  useradd --system --user-group --no-create-home --home-dir "$state" --shell /usr/sbin/nologin "$account"
  made_account=yes
}

# The rest of the installation that touches the network runs as the account that will run the agent.
as_account() {
  if [ "$mode" = system ]; then
    setpriv --reuid "$account" --regid "$account" --clear-groups --inh-caps=-all --no-new-privs "$@"
  else
    "$@"
  fi
}

unpack() {
  number=$("$python" -I -S -B "$work/nodestral-agent.pyz" --version) || fail "the downloaded agent does not start."
  number=${number##* }
  case $number in
    '' | [!0-9]* | *[!A-Za-z0-9.+-]*) fail "the downloaded agent has no version." ;;
  esac
  version=$number-$(printf '%.8s' "$found")
  if [ -L "$library/current" ]; then previous=$(readlink "$library/current"); fi
  if [ "$version" != "$previous" ]; then
    changed=yes
    rm -rf "${library:?}/$version"
    (umask 022 && make_folder "$library" && "$python" -I -S -B "$work/nodestral-agent.pyz" unpack "$library/$version" >/dev/null) ||
      fail "the agent could not be unpacked into $library."
  fi
}

make_state_folder() {
  make_folder "${state%/*}"
  (umask 077 && mkdir -p "$state")
  if [ "$mode" = system ]; then
    chown "$account:$account" "$state"
    chmod 0700 "$state"
  fi
}

# The token goes through a pipe: neither an argument nor a variable of any program shows it.
enroll() {
  [ -n "$token" ] || return 0
  changed=yes
  if [ -n "$enroll_again" ] && [ -e "$state" ]; then
    if [ "$with_service" = yes ]; then control stop "$unit" 2>/dev/null || :; fi
    kept_state=$state.old
    rm -rf "$kept_state"
    mv "$state" "$kept_state"
  fi
  make_state_folder
  if [ -n "$ca_file" ]; then
    cp "$ca_file" "$library/ca.pem"
    chmod 0644 "$library/ca.pem"
  fi
  (
    set -- --state "$state" --server "$server" --token-file -
    [ -z "$node_name" ] || set -- "$@" --name "$node_name"
    [ -z "$ca_file" ] || set -- "$@" --ca-file "$library/ca.pem"
    [ -z "$plain_http" ] || set -- "$@" --allow-plain-http
    cd /
    umask 077
    printf '%s\n' "$token" | as_account "$python" -I -S -B -OO "$library/$version" enroll "$@"
  ) || fail "this machine could not be enrolled at $server; see above."
  (
    umask 077
    printf '%s\n' "server=$server" "token_sha256=$(token_sha256)" >"$work/record"
  )
}

write_record() {
  if [ ! -e "$work/record" ]; then
    (umask 077 && grep -E '^(server|token_sha256)=' "$library/install-record" >"$work/record")
  fi
  if [ "$(record linger)" = enabled ]; then linger=enabled; fi
  case $made_account,$(record account) in
    yes,* | *,created) owner=created ;;
    *) owner=found ;;
  esac
  printf '%s\n' "linger=$linger" "account=$owner" >>"$work/record"
  if [ -r "$library/install-record" ]; then grep '^made=' "$library/install-record" >>"$work/record" || :; fi
  if [ -e "$work/made" ]; then cat "$work/made" >>"$work/record"; fi
  cp "$work/record" "$library/install-record"
  chmod 0600 "$library/install-record"
}

# Run by root, the command becomes the agent's account first: doctor then tells what the service sees, not what root sees.
write_command() {
  (
    umask 022
    make_folder "${command_path%/*}"
    {
      say '#!/bin/sh'
      say "# Starts the Nodestral agent that install.sh put into $library."
      if [ "$mode" = system ]; then
        say "if [ \"\$(id -u)\" = 0 ]; then"
        say "  cd /"
        say "  set -- setpriv --reuid $account --regid $account --clear-groups --inh-caps=-all --no-new-privs $python -I -S -B -OO $library/current \"\$@\""
        say "else"
        say "  set -- $python -I -S -B -OO $library/current \"\$@\""
        say "fi"
        say "NODESTRAL_AGENT_STATE=$state exec \"\$@\""
      else
        say "NODESTRAL_AGENT_STATE='$state' exec '$python' -I -S -B -OO '$library/current' \"\$@\""
      fi
    } >"$work/command"
    cp "$work/command" "$command_path"
    chmod 0755 "$command_path"
  )
}

system_unit() { # begin nodestral-agent.service
  cat <<'UNIT'
# The agent for the whole machine: an account of its own, no capability, nothing writable but its state.
# install.sh carries this text (scripts/units keeps the two alike) and fills in @PYTHON@.
[Unit]
Description=Nodestral agent
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
WatchdogSec=90s
TimeoutStartSec=30s
ExecStart=@PYTHON@ -I -S -B -OO /opt/nodestral/current run --state /var/lib/nodestral-agent
User=nodestral-agent
Group=nodestral-agent
StateDirectory=nodestral-agent
StateDirectoryMode=0700
UMask=0077
Restart=always
RestartSec=5s

# It can gain nothing.
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
RemoveIPC=yes

# It can change nothing. Home directories stay visible, or their file systems could not be measured: what is in them
# is guarded by its owners' permissions. /proc stays whole, because processes of others are what it reports. The host
# name is not frozen (ProtectHostname), because a changed one is news; the system call filter forbids changing it.
ProtectSystem=strict
ProtectHome=read-only
InaccessiblePaths=-/root -/etc/shadow -/etc/gshadow
NoExecPaths=/tmp /var/tmp /dev/shm /var/lib/nodestral-agent
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes

# Internet for the server, UNIX for systemd's answers, NETLINK for the owners of sockets.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete @swap @reboot @raw-io @module @clock
SystemCallErrorNumber=EPERM

# It may not become the problem that it reports.
MemoryHigh=96M
MemoryMax=160M
MemorySwapMax=0
CPUQuota=20%
CPUWeight=20
IOWeight=20
TasksMax=64
LimitNOFILE=1024
LimitCORE=0
OOMScoreAdjust=500

[Install]
WantedBy=multi-user.target
UNIT
} # end nodestral-agent.service

user_unit() { # begin nodestral-agent-user.service
  cat <<'UNIT'
# The agent of one user, without root: systemd's user manager runs it, and keeps it after logout where linger is on.
# install.sh carries this text (scripts/units keeps the two alike) and fills in @PYTHON@.
[Unit]
Description=Nodestral agent
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
WatchdogSec=90s
TimeoutStartSec=30s
ExecStart=@PYTHON@ -I -S -B -OO %h/.local/lib/nodestral-agent/current run --state %h/.local/state/nodestral
UMask=0077
Restart=always
RestartSec=5s

# What a user's manager can enforce everywhere. Hiding files needs user namespaces, in which all other users' names
# would read as nobody, so it is left out.
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete @swap @reboot @raw-io @module @clock
SystemCallErrorNumber=EPERM
MemoryHigh=96M
MemoryMax=160M
TasksMax=64
LimitNOFILE=1024
LimitCORE=0

[Install]
WantedBy=default.target
UNIT
} # end nodestral-agent-user.service

firewall_helper_service() { # begin nodestral-helper-firewall.service
  cat <<'UNIT'
# Reads the firewall's rules, for the agent that may not: an account of its own, one capability, no network.
# Installed only by `install.sh --enable=firewall`. install.sh carries this text (scripts/units keeps the two alike) and
# fills in @PYTHON@.
[Unit]
Description=Nodestral helper that reads the firewall's rules

[Service]
Type=oneshot
ExecStart=@PYTHON@ -I -S -B /opt/nodestral/current collect-privileged firewall
User=nodestral-firewall
Group=nodestral-agent
RuntimeDirectory=nodestral-collect/firewall
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
UMask=0027
TimeoutStartSec=60s

# The kernel tells rules only to who could change them. Which old tables there are is told to root alone: systemd hands
# over the lists of their names.
CapabilityBoundingSet=CAP_NET_ADMIN
AmbientCapabilities=CAP_NET_ADMIN
LoadCredential=ip_tables_names:/proc/net/ip_tables_names
SetCredential=ip_tables_names:none
LoadCredential=ip6_tables_names:/proc/net/ip6_tables_names
SetCredential=ip6_tables_names:none

# Nothing but netlink: no address can be reached, no socket of the machine be asked.
RestrictAddressFamilies=AF_NETLINK
IPAddressDeny=any

NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
RemoveIPC=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProcSubset=pid
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
InaccessiblePaths=-/root -/etc/shadow -/etc/gshadow -/etc/ssh -/var/lib/nodestral-agent
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete @swap @reboot @raw-io @module @clock
SystemCallErrorNumber=EPERM

MemoryMax=256M
MemorySwapMax=0
CPUQuota=50%
CPUWeight=20
IOWeight=20
TasksMax=8
LimitNOFILE=256
LimitCORE=0
OOMScoreAdjust=800
UNIT
} # end nodestral-helper-firewall.service

firewall_helper_timer() { # begin nodestral-helper-firewall.timer
  cat <<'UNIT'
# Starts nodestral-helper-firewall.service as often as the agent looks.
# install.sh carries this text (scripts/units keeps the two alike).
[Unit]
Description=Timer of the Nodestral helper for firewall

[Timer]
OnBootSec=10s
OnUnitInactiveSec=5min
AccuracySec=10s

[Install]
WantedBy=timers.target
UNIT
} # end nodestral-helper-firewall.timer

certificates_helper_service() { # begin nodestral-helper-certificates.service
  cat <<'UNIT'
# Reads certificate files that only root may read, for the agent: an account of its own, one capability, no network,
# and of /etc, /var and homes only what is listed here. It never opens a private key.
# Installed only by `install.sh --enable=certificates`. install.sh carries this text (scripts/units keeps the two alike)
# and fills in @PYTHON@.
[Unit]
Description=Nodestral helper that reads certificate files

[Service]
Type=oneshot
ExecStart=@PYTHON@ -I -S -B /opt/nodestral/current collect-privileged certificates
User=nodestral-certificates
Group=nodestral-agent
RuntimeDirectory=nodestral-collect/certificates
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
UMask=0027
TimeoutStartSec=60s

# It may read any file that it can see, and sees almost none. Where services elsewhere keep theirs, a drop-in adds a
# BindReadOnlyPaths= line.
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
AmbientCapabilities=CAP_DAC_READ_SEARCH
TemporaryFileSystem=/etc:ro /var:ro /home:ro /root:ro /srv:ro /run:ro /boot:ro /mnt:ro /media:ro
BindPaths=/run/nodestral-collect/certificates
BindReadOnlyPaths=-/etc/passwd -/etc/letsencrypt -/etc/ssl -/etc/pki/tls -/etc/nginx -/etc/apache2 -/etc/httpd
BindReadOnlyPaths=-/etc/caddy -/etc/postfix -/etc/dovecot -/etc/haproxy -/etc/traefik -/etc/postgresql
BindReadOnlyPaths=-/etc/acme.sh -/root/.acme.sh -/var/lib/caddy -/var/lib/acme -/var/lib/dehydrated
BindReadOnlyPaths=-/var/lib/postgresql -/var/lib/pgsql

PrivateNetwork=yes
RestrictAddressFamilies=none
IPAddressDeny=any

NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
RemoveIPC=yes
ProtectSystem=strict
ProtectProc=invisible
ProcSubset=pid
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete @swap @reboot @raw-io @module @clock
SystemCallErrorNumber=EPERM

MemoryMax=128M
MemorySwapMax=0
CPUQuota=50%
CPUWeight=20
IOWeight=20
TasksMax=8
LimitNOFILE=256
LimitCORE=0
OOMScoreAdjust=800
UNIT
} # end nodestral-helper-certificates.service

certificates_helper_timer() { # begin nodestral-helper-certificates.timer
  cat <<'UNIT'
# Starts nodestral-helper-certificates.service as often as the agent looks.
# install.sh carries this text (scripts/units keeps the two alike).
[Unit]
Description=Timer of the Nodestral helper for certificates

[Timer]
OnBootSec=10s
OnUnitInactiveSec=5min
AccuracySec=10s

[Install]
WantedBy=timers.target
UNIT
} # end nodestral-helper-certificates.timer

write_unit() {
  [ "$with_service" = yes ] || return 0
  if [ "$mode" = system ]; then system_unit >"$work/unit"; else user_unit >"$work/unit"; fi
  sed "s#@PYTHON@#$python#" "$work/unit" >"$work/filled-unit"
  if cmp -s "$work/filled-unit" "$unit_path"; then return; fi
  changed=yes
  make_folder "${unit_path%/*}"
  cp "$work/filled-unit" "$unit_path"
  chmod 0644 "$unit_path"
}

helper_unit() {
  case $1 in
    firewall.service) firewall_helper_service ;;
    firewall.timer) firewall_helper_timer ;;
    certificates.service) certificates_helper_service ;;
    certificates.timer) certificates_helper_timer ;;
  esac
}

# Each helper has an account of its own, in the agent's group: it writes what the agent reads, and nothing else.
set_up_helper() {
  if ! id "nodestral-$1" >/dev/null 2>&1; then
    useradd --system --gid "$account" --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "nodestral-$1"
  fi
  for kind in service timer; do
    helper_unit "$1.$kind" | sed "s#@PYTHON@#$python#" >"$work/helper"
    cp "$work/helper" "$units/nodestral-helper-$1.$kind"
    chmod 0644 "$units/nodestral-helper-$1.$kind"
  done
  control daemon-reload
  control enable --quiet --now "nodestral-helper-$1.timer"
  control start "nodestral-helper-$1.service" ||
    fail "the helper for $1 did not start: journalctl -u nodestral-helper-$1.service"
}

remove_helper() {
  if [ -e "$units/nodestral-helper-$1.service" ]; then
    control disable --quiet --now "nodestral-helper-$1.timer" 2>/dev/null || :
    control stop "nodestral-helper-$1.service" 2>/dev/null || :
  fi
  for kind in service timer; do
    rm -rf "$units/nodestral-helper-$1.$kind" "$units/nodestral-helper-$1.$kind.d"
  done
  rm -f "$units/timers.target.wants/nodestral-helper-$1.timer"
  control daemon-reload 2>/dev/null || :
  control reset-failed "nodestral-helper-$1.service" 2>/dev/null || :
  rm -rf "/run/nodestral-collect/$1"
  rmdir /run/nodestral-collect 2>/dev/null || :
  if id "nodestral-$1" >/dev/null 2>&1; then userdel "nodestral-$1"; fi
}

set_up_helpers() {
  [ "$mode" = system ] || return 0
  for helper in $disable; do remove_helper "$helper"; done
  for helper in $helpers; do
    if [ ! -e "$units/nodestral-helper-$helper.service" ]; then new_helpers="$new_helpers $helper"; fi
    set_up_helper "$helper"
  done
  # It looks at once, instead of at its next scan.
  if [ -n "$enable$disable" ]; then control kill --kill-who=main --signal=HUP "$unit" 2>/dev/null || :; fi
}

switch_version() { ln -sfn "$1" "$library/current"; }

start_service() {
  if [ "$with_service" = no ]; then return; fi
  if [ -z "$changed" ] && control is-active --quiet "$unit"; then return; fi
  changed=yes
  control daemon-reload
  control enable --quiet "$unit"
  : >"$work/started"
  if control restart "$unit" && sleep 2 && control is-active --quiet "$unit"; then return; fi
  control --no-pager --lines 10 status "$unit" >&2 || :
  fail "the agent did not start; see above."
}

# What a failed run had made goes again: a fresh machine is as before, an older agent runs on.
# shellcheck disable=SC2329 # called by the trap in main
undo() {
  if [ -z "$finished" ]; then take_back; fi
  if [ -n "$work" ]; then rm -rf "$work"; fi
}

# shellcheck disable=SC2329 # called by undo
take_back() {
  if [ -n "$kept_state" ] && [ -e "$kept_state" ]; then
    rm -rf "$state"
    mv "$kept_state" "$state"
  fi
  for helper in $new_helpers; do remove_helper "$helper"; done
  if [ -n "$previous" ]; then
    switch_version "$previous"
    if [ -n "$version" ] && [ "$version" != "$previous" ]; then rm -rf "${library:?}/$version"; fi
    if [ "$with_service" = yes ] && [ -e "$unit_path" ]; then control restart "$unit" 2>/dev/null || :; fi
    return 0
  fi
  if [ -n "$version" ]; then
    if [ -e "$unit_path" ]; then
      control disable --quiet --now "$unit" 2>/dev/null || :
      rm -f "$unit_path"
      control daemon-reload 2>/dev/null || :
    fi
    rm -rf "${library:?}/$version" "$library/current" "$library/ca.pem" "$library/install-record" "$state" "$command_path"
    if [ -e "$work/made" ]; then
      sed -n 's/^made=//p' "$work/made" | sort -r | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || :; done
    fi
  fi
  if [ -n "$made_account" ]; then userdel "$account" 2>/dev/null || :; fi
  if [ -n "$enabled_linger" ]; then loginctl --no-ask-password disable-linger "$account" >/dev/null 2>&1 || :; fi
}

forget_old_versions() {
  for folder in "$library"/*/; do
    folder=${folder%/}
    case ${folder##*/} in
      "$version" | current) ;;
      [0-9]*) rm -rf "$folder" ;;
    esac
  done
  if [ -n "$kept_state" ]; then rm -rf "$kept_state"; fi
}

# The agent writes `chain` anew with every report; one that the server has not taken waits in the spool.
first_report_arrived() {
  [ -n "$(find "$state/chain" -newer "$work/started" 2>/dev/null)" ] || return 1
  for waiting in "$state"/spool/[0-9]*; do
    if [ -e "$waiting" ]; then return 1; fi
  done
}

tell_first_report() {
  tries=0
  while [ "$tries" -lt 40 ]; do
    if first_report_arrived; then
      say "the server has its first report: the node is in the dashboard"
      return
    fi
    tries=$((tries + 1))
    sleep 0.5
  done
  say "note: the server has taken no report yet; the agent keeps trying. To see why: $command_path doctor"
}

farewell() {
  if [ "$with_service" = yes ]; then
    if [ "$mode" = user ] && [ ! -e "/var/lib/systemd/linger/$account" ]; then
      say "the agent $version runs"
      say "note: it ends when $account logs out, because linger could not be enabled. Root can:"
      say "      loginctl enable-linger $account"
    else
      say "the agent $version runs and starts with the machine"
    fi
    if [ -n "$changed" ]; then tell_first_report; else say "nothing had to be changed"; fi
  else
    say "the agent $version is installed but not running; start it with: $command_path run"
  fi
  say "what it can and cannot see here: $command_path doctor"
  say "to remove every trace: curl -sfL $server/uninstall.sh | sh"
}

main() {
  set -eu
  umask 022
  parse_arguments "$@"
  set --
  take_token
  check_server
  choose_mode
  choose_helpers
  find_python
  find_downloader
  check_service_manager
  check_enrolment
  plan
  if [ -n "$dry_run" ]; then
    say "nothing was changed (--dry-run)"
    exit 0
  fi
  trap undo EXIT
  trap 'exit 130' HUP INT TERM
  work=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/nodestral-install.XXXXXX")
  download
  prepare_user_manager
  create_account
  unpack
  enroll
  write_command
  write_unit
  write_record
  switch_version "$version"
  start_service
  set_up_helpers
  finished=yes
  forget_old_versions
  farewell
  exit 0
}

main "$@"
