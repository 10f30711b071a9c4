#!/bin/sh
# Removes the Nodestral agent that install.sh put on this machine: service, files, credential, account, processes.
#
#   curl -sfL https://nodestral.example.com/uninstall.sh | sh
#
# Run by root it removes the whole machine's agent, run by anybody else that user's own. It asks no server: take the
# node itself out of the dashboard there.

# Every variable, with an example.
mode=                        # system                         or user: system when run by root
account=                     # nodestral-agent                who ran the agent
library=                     # /opt/nodestral                 the program
state=                       # /var/lib/nodestral-agent       the node's credential and its spool
command_path=                # /usr/local/bin/nodestral-agent
unit_path=                   # /etc/systemd/system/nodestral-agent.service
unit=nodestral-agent.service # nodestral-agent.service
units=/etc/systemd/system    # /etc/systemd/system            where helpers' units are
linger=                      # enabled                        by install.sh, so it is taken back
account_made=                # created                        by install.sh, so it is removed
made_folders=                # /home/ada/.local/lib           by install.sh, one a line: removed if empty now

say() { printf '%s\n' "$*"; }

choose_mode() {
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
    library=$HOME/.local/lib/nodestral-agent
    state=$HOME/.local/state/nodestral
    command_path=$HOME/.local/bin/nodestral-agent
    unit_path=$HOME/.config/systemd/user/$unit
    # After `su` without a dash it is that of the user before.
    if [ ! -w "${XDG_RUNTIME_DIR:-}" ]; then XDG_RUNTIME_DIR=/run/user/$(id -u); fi
    export XDG_RUNTIME_DIR
  fi
}

record() { if [ -r "$library/install-record" ]; then sed -n "s/^$1=//p" "$library/install-record"; fi; }

control() { if [ "$mode" = system ]; then systemctl "$@"; else systemctl --user "$@"; fi; }

remove_service() {
  if [ ! -e "$unit_path" ]; then return; fi
  # Where systemd does not answer there is nothing to stop; its links go by hand below.
  control disable --quiet --now "$unit" 2>/dev/null || :
  rm -f "$unit_path"
  rm -rf "$unit_path.d"
  rm -f "${unit_path%/*}/default.target.wants/$unit" "${unit_path%/*}/multi-user.target.wants/$unit"
  control daemon-reload 2>/dev/null || :
  control reset-failed "$unit" 2>/dev/null || :
}

# Units, accounts and files of the helpers that --enable of install.sh put here.
remove_helpers() {
  [ "$mode" = system ] || return 0
  for helper in firewall certificates; do
    if [ -e "$units/nodestral-helper-$helper.service" ]; then
      control disable --quiet --now "nodestral-helper-$helper.timer" 2>/dev/null || :
      control stop "nodestral-helper-$helper.service" 2>/dev/null || :
    fi
    for kind in service timer; do
      rm -rf "$units/nodestral-helper-$helper.$kind" "$units/nodestral-helper-$helper.$kind.d"
    done
    rm -f "$units/timers.target.wants/nodestral-helper-$helper.timer"
    rm -rf "/run/nodestral-collect/$helper"
    if id "nodestral-$helper" >/dev/null 2>&1; then userdel "nodestral-$helper" 2>/dev/null || :; fi
  done
  rmdir /run/nodestral-collect 2>/dev/null || :
  control daemon-reload 2>/dev/null || :
  for helper in firewall certificates; do
    control reset-failed "nodestral-helper-$helper.service" 2>/dev/null || :
  done
}

# The processes whose program stands in the agent's folder, found by their own arguments.
agent_processes() {
  for folder in /proc/[0-9]*; do
    if tr '\0' '\n' <"$folder/cmdline" 2>/dev/null | grep -qE "^$library/(current|[0-9][^/]*)(/|\$)"; then
      say "${folder#/proc/}"
    fi
  done
}

stop_processes() {
  for signal in TERM KILL; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      processes=$(agent_processes)
      [ -n "$processes" ] || return 0
      # shellcheck disable=SC2086 # one argument per process
      kill -s "$signal" $processes 2>/dev/null || :
      sleep 0.5
    done
  done
}

remove_files() {
  rm -rf "$state" "$state.old"
  rm -f "$command_path" "$library/current" "$library/ca.pem" "$library/install-record"
  for folder in "$library"/[0-9]*/; do
    if [ -d "$folder" ]; then rm -rf "$folder"; fi
  done
  rmdir "$library" 2>/dev/null || :
  printf '%s\n' "$made_folders" | sort -r | while IFS= read -r folder; do
    if [ -n "$folder" ]; then rmdir "$folder" 2>/dev/null || :; fi
  done
}

remove_account() {
  if [ "$account_made" = created ] && id "$account" >/dev/null 2>&1; then
    # A server on this machine may run an agent of its own as this account.
    userdel "$account" 2>/dev/null || say "note: the account $account is in use by another program, so it stays"
  fi
  if [ "$linger" = enabled ]; then loginctl --no-ask-password disable-linger "$account" >/dev/null 2>&1 || :; fi
}

main() {
  set -eu
  exec </dev/null
  choose_mode
  if [ ! -e "$library" ] && [ ! -e "$unit_path" ] && [ ! -e "$state" ]; then
    say "there is no Nodestral agent of $account on this machine"
    exit 0
  fi
  linger=$(record linger)
  account_made=$(record account)
  made_folders=$(record made)
  remove_service
  remove_helpers
  stop_processes
  remove_files
  remove_account
  say "the Nodestral agent is removed; its node can now be removed in the dashboard"
  exit 0
}

main "$@"
