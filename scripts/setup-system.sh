#!/usr/bin/env bash
# Installs the programs the tests call, only those that are missing:
# LibreOffice Calc (recalculates and draws workbooks), Chinese fonts, pdftoppm, Chromium, Node.js with npm.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1; }

has_calc() {
    has soffice || return 1
    local program
    program=$(dirname "$(readlink -f "$(command -v soffice)")")
    # LibreOffice without Calc is common on Linux; elsewhere it comes whole.
    [ "$(uname -s)" != Linux ] || [ -e "$program/libsclo.so" ]
}

has_chinese_font() { has fc-list && [ -n "$(fc-list :lang=zh-cn family)" ]; }

missing=()
has_calc || missing+=(libreoffice-calc-nogui)
has_chinese_font || missing+=(fontconfig fonts-noto-cjk)
has pdftoppm || missing+=(poppler-utils)
has chromium || missing+=(chromium)
has node || missing+=(nodejs)
has npm || missing+=(npm)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! has apt-get; then
    echo "The tests need these programs, and there is no apt-get here to install them: ${missing[*]} (Debian's names)." >&2
    echo "Install them by hand, so that soffice, pdftoppm, chromium, node and npm are found on the PATH, and try again." >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! has sudo; then
        echo "The tests need these programs: ${missing[*]}. Run as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

echo "Installing what the tests need: ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
"${apt[@]}" update
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
