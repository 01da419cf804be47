# Sourced by ./keyturn and ./check: finds a JDK that can build and run Keyturn, and Maven.
# Written for bash 4; starts no process where the JDK has its `release` file.

readonly KEYTURN_JDK_MIN=25

# The feature version of the JDK at $1 into $JDK_FEATURE; 0 where it is none (a runtime without a compiler counts as none).
jdk_feature() {
  JDK_FEATURE=0
  [[ -x "$1/bin/java" && -x "$1/bin/javac" ]] || return 0
  local line version=''
  if [[ -r "$1/release" ]]; then
    while IFS= read -r line; do
      [[ $line == JAVA_VERSION=* ]] && version=${line#*=}
    done <"$1/release"
  else
    version=$("$1/bin/javac" -version 2>&1) && version=${version#javac }
  fi
  version=${version//\"/}
  version=${version%%[!0-9]*}
  JDK_FEATURE=${version:-0}
}

# Exports JAVA_HOME: what JAVA_HOME or PATH name, if it is new enough; else, of all in the usual places, the oldest that is.
find_jdk() {
  local named=() dir tool
  [[ -n ${JAVA_HOME:-} ]] && named+=("$JAVA_HOME")
  tool=$(type -P javac || true)
  if [[ -n $tool ]]; then
    tool=$(readlink -f "$tool")
    named+=("${tool%/bin/javac}")
  fi
  for dir in "${named[@]}"; do
    jdk_feature "$dir"
    if ((JDK_FEATURE >= KEYTURN_JDK_MIN)); then
      export JAVA_HOME=$dir
      return 0
    fi
  done
  local best='' best_feature=0 places=(/usr/lib/jvm/* /usr/lib64/jvm/* /opt/* /opt/java/* /usr/java/* /usr/local/*jdk*
    /usr/local/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*)
  [[ -n ${SDKMAN_DIR:-} ]] && places+=("$SDKMAN_DIR"/candidates/java/*)
  [[ -n ${HOME:-} ]] && places+=("$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*
    "$HOME"/.asdf/installs/java/*)
  for dir in "${places[@]}"; do
    [[ -d $dir ]] || continue
    jdk_feature "$dir"
    if ((JDK_FEATURE >= KEYTURN_JDK_MIN)) && ((best_feature == 0 || JDK_FEATURE < best_feature)); then
      best=$dir
      best_feature=$JDK_FEATURE
    fi
  done
  [[ -n $best ]] || return 1
  export JAVA_HOME=$best
}

# As find_jdk, or says what to install and ends with status 2.
require_jdk() {
  find_jdk && return 0
  {
    echo "keyturn: no JDK $KEYTURN_JDK_MIN or newer found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt, /usr/local, SDKMAN)."
    echo "  Install one, for example Eclipse Temurin $KEYTURN_JDK_MIN (https://adoptium.net), or on a Debian that has it:"
    echo "  apt-get install openjdk-$KEYTURN_JDK_MIN-jdk-headless; then set JAVA_HOME if it is in an unusual place."
  } >&2
  exit 2
}

require_maven() {
  type -P mvn >/dev/null && return 0
  {
    echo "keyturn: Maven (mvn) is not on the PATH; it is needed to build."
    echo "  Install Maven 3.8 or newer, on Debian: apt-get install maven"
  } >&2
  exit 2
}

# Maven with no colours and no progress lines; settings of the caller's shell cannot change what is built.
run_maven() {
  env -u MAVEN_ARGS mvn -B --no-transfer-progress -Dstyle.color=never "$@" </dev/null
}
