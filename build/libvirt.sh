# Sourced by ./check on a machine that is there for checking alone, and by install-libvirt: the libvirt that real VMs need.
# shellcheck shell=bash disable=SC2154

libvirt_started=()

# The Debian packages of a libvirt host and of the test guest that are not installed, one a line.
missing_libvirt_packages() {
  local package
  sort -u "$home/build/libvirt-packages" "$home/guest/packages" | while read -r package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

libvirt_answers() {
  virsh -c qemu:///system version &>/dev/null
}

# swtpm runs as tss and locks its certificate authority; once run as root by hand, it leaves a lock that shuts tss out.
open_certificate_authority() {
  [[ ! -d /var/lib/swtpm-localca ]] || chown -R tss /var/lib/swtpm-localca
}

# Starts the daemons where none answers, and waits until one does. Where systemd runs, the packages have started them.
start_libvirt() {
  local daemon left
  open_certificate_authority
  libvirt_answers && return 0
  for daemon in virtlogd libvirtd; do
    # A session of its own: a key press that ends the check does not end it before it is stopped.
    setsid "$daemon" >>"$home/.build/$daemon.log" 2>&1 </dev/null &
    libvirt_started+=($!)
  done
  for ((left = 300; left > 0; left--)); do
    libvirt_answers && return 0
    sleep 0.1
  done
  echo "libvirt was started and does not answer: see .build/libvirtd.log"
  return 1
}

# Stops what start_libvirt started, and nothing else.
stop_libvirt() {
  local pid
  for pid in "${libvirt_started[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  ((${#libvirt_started[@]} == 0)) || wait "${libvirt_started[@]}" 2>/dev/null || true
  libvirt_started=()
}
