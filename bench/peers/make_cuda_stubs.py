"""Make an installed CUDA build of torch importable on a machine without CUDA.

The Linux wheels of torch link to CUDA's shared libraries even when only the CPU
is used. This script builds tiny stand-ins for those libraries: each one defines
the symbols torch asks for, and every function reports "no CUDA device". They are
written next to torch's own libraries, where its search path finds them. CPU code
is not touched. Needs gcc, readelf and nm.

Usage: python make_cuda_stubs.py
"""
import importlib.util
import re
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

NO_DEVICE = 100  # cudaErrorNoDevice
SONAME_PREFIXES = (
    "libcublas", "libcublasLt", "libcuda", "libcudart", "libcudnn", "libcufft",
    "libcufile", "libcupti", "libcurand", "libcusolver", "libcusparse",
    "libcusparseLt", "libnccl", "libnvrtc", "libnvshmem_host",
)
SYMBOL_OWNERS = (  # for symbols without a version tag: name prefix -> soname prefix
    ("cusparseLt", "libcusparseLt"), ("nccl", "libnccl"), ("cuFile", "libcufile"),
    ("nvshmem", "libnvshmem_host"), ("curand", "libcurand"), ("cu", "libcuda"),
)
STRING_FUNCTIONS = re.compile(r"Error(String|Name)$|ncclGetLastError$|GetStatusString$")


def run(*command):
    """Return the standard output of a command."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def torch_folder():
    """Return the folder of the installed torch package, without importing it."""
    return Path(importlib.util.find_spec("torch").submodule_search_locations[0])


def needed_sonames(libraries):
    """Return the CUDA library names that the given libraries are linked to."""
    names = set()
    for library in libraries:
        names.update(re.findall(r"NEEDED.*\[(.+?)\]", run("readelf", "-dW", str(library))))
    return sorted(n for n in names if n.split(".so")[0] in SONAME_PREFIXES)


def undefined_symbols(libraries):
    """Return (name, version or None) of every symbol the libraries import."""
    found = set()
    for library in libraries:
        for line in run("nm", "-D", "--undefined-only", str(library)).splitlines():
            name, _, version = line.split()[-1].partition("@")
            found.add((name, version.lstrip("@") or None))
    return found


def owner(name, version, sonames):
    """Return the soname that a symbol belongs to, or None when it isn't CUDA's."""
    if version in sonames:
        return version
    if version == "NVSHMEM":
        return next(s for s in sonames if s.startswith("libnvshmem_host"))
    if version is None:
        for prefix, library in SYMBOL_OWNERS:
            if name.startswith(prefix):
                return next((s for s in sonames if s.startswith(library + ".")), None)
    return None


def group_symbols(symbols, sonames):
    """Return {soname: {version: [names]}} for the CUDA symbols."""
    groups = {soname: defaultdict(list) for soname in sonames}
    for name, version in sorted(symbols, key=str):
        soname = owner(name, version, sonames)
        if soname:
            groups[soname][version].append(name)
    return groups


def c_function(name):
    """Return C source of one stand-in function."""
    if name.startswith("__cudaRegisterFatBinary") and name[-3:] != "End":
        return f"static void *handle_{name}; void *{name}(void) {{ return &handle_{name}; }}"
    if name in ("cudaGetLastError", "cudaPeekAtLastError"):
        return f"int {name}(void) {{ return 0; }}"
    if STRING_FUNCTIONS.search(name):
        return f'const char *{name}(void) {{ return "no CUDA on this machine"; }}'
    return f"int {name}(void) {{ return {NO_DEVICE}; }}"


def version_script(versions):
    """Return the linker's version script for the tagged symbols."""
    return "\n".join(f"{version} {{ global: {'; '.join(names)}; }};"
                     for version, names in versions.items() if version)


def build(soname, versions, target):
    """Compile one stand-in library into the target folder."""
    names = sorted({name for names in versions.values() for name in names})
    with tempfile.TemporaryDirectory() as work:
        source, script = Path(work, "stub.c"), Path(work, "stub.map")
        source.write_text("\n".join(map(c_function, names)) or "int stub;")
        text = version_script(versions)
        script.write_text(text)
        flags = [f"-Wl,--version-script={script}"] if text else []
        run("gcc", "-shared", "-fPIC", "-w", f"-Wl,-soname,{soname}", *flags,
            str(source), "-o", str(target / soname))


def main():
    """Build every missing CUDA library as a stand-in."""
    folder = torch_folder()
    libraries = sorted(folder.glob("lib/libtorch*.so")) + sorted(folder.glob("lib/libc*.so"))
    libraries = [library for library in libraries if library.name not in needed_sonames(libraries)]
    sonames = needed_sonames(libraries)
    for soname, versions in group_symbols(undefined_symbols(libraries), sonames).items():
        build(soname, versions, folder / "lib")
        print(soname, sum(map(len, versions.values())), "symbols")


if __name__ == "__main__":
    main()
