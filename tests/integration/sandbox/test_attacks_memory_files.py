"""Attacks on memory, and on the file system."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.sandbox

MIB = 1 << 20
OOM = "MEMORY_LIMIT_EXCEEDED/out_of_memory"
REFUSED = "MEMORY_LIMIT_EXCEEDED/allocation_refused"
CPU = "TIME_LIMIT_EXCEEDED/cpu_time"
RAISED = "RUNTIME_ERROR/exception"


def raised(name: str, number: int | None = None):
    """A fact: the run was ended by that exception, with that errno."""

    def fact(runs):
        error = runs[-1].raised
        return error.type_name == name and (number is None or error.message.startswith(f"[Errno {number}]"))

    return fact


MEMORY = [
    {
        "id": "A26-touches-too-much",
        "source": "def f():\n    return len(bytearray(1 << 30))\n",
        "expect": OOM,
        "facts": lambda runs: runs[-1].oom_kills > 0 and runs[-1].memory_peak_bytes <= 64 * MIB,
    },
    {
        "id": "A26-touches-too-much-when-loaded",
        "source": "hoard = bytes(bytearray(1 << 30))\ndef f():\n    return 42\n",
        "expect": OOM,
        "facts": lambda runs: len(runs) == 1,
    },
    {
        "id": "A27-child-takes-the-memory-parent-answers",
        "source": """
            import os
            def f():
                if os.fork() == 0:
                    bytearray(1 << 30)
                os.wait()
                return 42
        """,
        "limits": {"cpu_ns": 2_000_000_000},
        "expect": OOM,
        "facts": lambda runs: runs[-1].answer is not None,
    },
    {
        "id": "A28-maps-without-touching",
        "source": "import mmap\ndef f():\n    mmap.mmap(-1, 1 << 40, flags=0x4022, prot=0)\n    return 42\n",
    },
    {
        "id": "A29-fills-tmpfs-beyond-the-memory-limit",
        "source": """
            def f():
                for name in ('/tmp/a', '/box/b'):
                    with open(name, 'wb') as file:
                        for _ in range(40):
                            file.write(bytes(1 << 20))
        """,
        "expect": OOM,
    },
    {
        "id": "A29-fills-tmpfs-to-its-size",
        "source": """
            def f():
                for name in ('/tmp/a', '/tmp/b'):
                    with open(name, 'wb') as file:
                        for _ in range(40):
                            file.write(bytes(1 << 20))
        """,
        "limits": {"memory_bytes": 256 * MIB},
        "expect": RAISED,
        "facts": raised("OSError", 28),
    },
    {
        "id": "A31-memory-files-and-shared-memory",
        "source": """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            def errno_of(*call):
                ctypes.set_errno(0)
                return libc.syscall(*call) == -1 and ctypes.get_errno()
            def f():
                return [errno_of(319, b'x', 0), errno_of(29, 1234, 4096, 0o1777), os.path.exists('/dev/shm')]
        """,
        "answers": ([38, 1, False],),
    },
    {
        "id": "A33-hoards-pipe-buffers",
        "source": """
            import fcntl, os
            def f():
                while True:
                    _, end = os.pipe2(os.O_NONBLOCK)
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
                    os.write(end, bytes(1 << 20))
        """,
        "expect": (RAISED, OOM),
    },
    {
        "id": "A34-hoards-mappings",
        "source": """
            import mmap
            def f():
                kept = []
                while True:
                    kept.append(mmap.mmap(-1, 4096, prot=len(kept) % 2))
        """,
        "expect": (RAISED, OOM, CPU),
    },
    {
        "id": "A34-hoards-arguments-of-a-program",
        "source": """
            import os, sys
            def f():
                os.execve(sys.executable, ['x' * 100_000] * 10_000, {})
        """,
        "expect": (RAISED, OOM),
    },
    {
        "id": "A35-locks-its-memory",
        "source": """
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                page = ctypes.create_string_buffer(8192)
                return [libc.mlockall(3), libc.mlock(page, 4096)]
        """,
        "answers": ([-1, -1],),
    },
    {
        "id": "A36-list-of-a-billion",
        "source": "def f():\n    return len([0] * 10**9)\n",
        "expect": (OOM, REFUSED),
    },
    {
        "id": "A37-power-tower",
        "source": "def f():\n    return 10**10**9\n",
        "expect": (OOM, REFUSED, CPU),
    },
    {
        "id": "A37-digits",
        "source": "def f():\n    return int('9' * 10**7)\n",
        "expect": RAISED,
        "facts": raised("ValueError"),
    },
    {
        "id": "A40-memory-kept-since-loading",
        "source": """
            kept = bytearray(40 << 20)
            def f():
                more = bytearray(40 << 20)
                return 42
        """,
        "expect": OOM,
    },
    {
        "id": "A40-memory-error-that-is-swallowed",
        "source": """
            import mmap
            def f():
                try:
                    bytes(1 << 60)
                except MemoryError:
                    return 42
        """,
    },
]

FILES = [
    {
        "id": "A42-inodes",
        "source": """
            def f():
                for number in range(10_000):
                    open(f'/tmp/{number}', 'w').close()
        """,
        "expect": RAISED,
        "facts": raised("OSError", 28),
    },
    {
        "id": "A43-sparse-file",
        "source": "import os\ndef f():\n    os.truncate(os.open('/tmp/a', 0o102), 1 << 40)\n",
        "expect": RAISED,
        "facts": raised("OSError", 27),
    },
    {
        "id": "A44-deep-directories",
        "source": """
            import os
            def f():
                for _ in range(3000):
                    os.mkdir('d' * 200)
                    os.chdir('d' * 200)
                return 42
        """,
    },
    {
        "id": "A45-writes-outside",
        "source": """
            import os
            PLACES = ['/', '/dev', '/runtime', '/runtime/bin', '/judge', '/judge/harness', '/lib64']
            def f():
                found = []
                for place in PLACES:
                    try:
                        os.open(f'{place}/planted', os.O_CREAT | os.O_WRONLY)
                        found.append(place)
                    except OSError as error:
                        if error.errno not in (13, 30):
                            found.append([place, error.errno])
                for name in ('/judge/harness/runner.py', '/runtime/bin/python3'):
                    try:
                        os.open(name, os.O_WRONLY)
                        found.append(name)
                    except OSError:
                        pass
                return found
        """,
        "answers": ([],),
    },
    {
        "id": "A45-touches-the-device-of-the-host",
        "source": """
            import os
            def f():
                with open('/dev/null', 'w') as file:
                    file.write('a device on a read-only mount takes what is written')
                try:
                    os.utime('/dev/null')
                except OSError as error:
                    return error.errno
        """,
        "answers": (30,),
    },
    {
        "id": "A46-source-becomes-a-link-to-the-host",
        "source": """
            import os
            def f():
                os.unlink('/box/solution.py')
                os.symlink('/etc/passwd', '/box/solution.py')
                raise ValueError('read me')
        """,
        "expect": RAISED,
        "facts": lambda runs: runs[-1].raised.frames[-1].source == "raise ValueError('read me')",
    },
    {
        "id": "A47-box-becomes-links",
        "source": """
            import os
            def f():
                for name in ('out', 'answer', 'stdout', '.ready'):
                    os.symlink('/etc/shadow', f'/box/{name}')
                    os.symlink('/', f'/tmp/{name}')
                return 42
        """,
    },
    {
        "id": "A49-A50-hard-links-pipes-devices",
        "source": """
            import os, stat
            def errno_of(function, *arguments):
                try:
                    function(*arguments)
                except OSError as error:
                    return error.errno
            def f():
                return [
                    errno_of(os.link, '/box/solution.py', '/box/other'),
                    errno_of(os.link, '/runtime/bin/python3', '/box/other'),
                    errno_of(os.mkfifo, '/box/fifo'),
                    errno_of(os.mknod, '/box/device', 0o666 | stat.S_IFCHR, os.makedev(1, 5)),
                ]
        """,
        "answers": ([1, 1, 1, 1],),
    },
    {
        "id": "A51-set-user-id-file",
        "source": """
            import os, shutil
            def f():
                shutil.copyfile('/runtime/bin/python3', '/tmp/program')
                os.chmod('/tmp/program', 0o4755)
                try:
                    os.execv('/tmp/program', ['program'])
                except OSError as error:
                    return error.errno
        """,
        "answers": (13,),
    },
    {
        "id": "A52-privileged-files",
        "source": """
            import os, stat
            def f():
                found = []
                for where, _, names in os.walk('/'):
                    for name in names:
                        path = f'{where}/{name}'
                        mode = os.lstat(path).st_mode
                        if mode & (stat.S_ISUID | stat.S_ISGID) or 'security.capability' in attributes(path):
                            found.append(path)
                return found
            def attributes(path):
                try:
                    return os.listxattr(path, follow_symlinks=False)
                except OSError:
                    return []
        """,
        "answers": ([],),
    },
    {
        "id": "A53-odd-names",
        "source": """
            def f():
                for name in (b'a\\nb', b'\\xff\\xfe', b'x' * 255, b'-rf', b' '):
                    open(b'/box/' + name, 'w').close()
                return 42
        """,
    },
    {
        "id": "A54-A55-looks-for-anything-that-is-not-its-own",
        "source": """
            import os
            def f():
                own = []
                for where, folders, names in os.walk('/'):
                    folders[:] = [name for name in folders if (where, name) not in (('/', 'runtime'), ('/', 'lib64'))]
                    own += [os.path.join(where, name) for name in names]
                return sorted(name for name in own if not name.startswith('/judge/harness/'))
        """,
        "answers": (["/box/solution.py", "/dev/null", "/dev/urandom"],),
    },
    {
        "id": "A56-descriptors",
        "source": "import os\ndef f():\n    while True:\n        os.dup(0)\n",
        "expect": RAISED,
        "facts": raised("OSError", 24),
    },
    {
        "id": "A57-inherited-descriptors",
        "source": """
            import os, stat
            def f():
                found = {}
                for number in range(65536):
                    try:
                        found[number] = stat.S_IFMT(os.fstat(number).st_mode)
                    except OSError:
                        pass
                kinds = [stat.S_IFCHR, stat.S_IFIFO, stat.S_IFIFO, stat.S_IFSOCK]
                return found == dict(enumerate(kinds))
        """,
        "answers": (True,),
    },
    {
        "id": "A60-file-locks",
        "source": """
            import fcntl
            def f():
                found = []
                file = open('/runtime/bin/python3', 'rb')
                for attempt in (
                    lambda: fcntl.flock(file, fcntl.LOCK_SH),
                    lambda: fcntl.lockf(file, fcntl.LOCK_SH),
                    lambda: fcntl.fcntl(file, 37, bytes(32)),
                    lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
                    lambda: fcntl.fcntl(file, fcntl.F_NOTIFY, 1),
                ):
                    try:
                        attempt()
                        found.append('locked')
                    except OSError as error:
                        found.append(error.errno)
                return found
        """,
        "answers": ([38] * 5,),
    },
    {
        "id": "A61-plants-modules",
        "source": """
            import os
            def f():
                for name in ('json', 'sitecustomize', 'usercustomize', 'harness', 'wire'):
                    for place in ('/box', '/tmp'):
                        with open(f'{place}/{name}.py', 'w') as file:
                            file.write('raise SystemExit(0)')
                import json
                return len(json.dumps([42]))
        """,
        "calls": 3,
        "answers": (4, 4, 4),
    },
    {
        "id": "A62-poisons-byte-code",
        "source": """
            import os
            def f():
                places = ['/judge/harness/__pycache__', '/runtime/lib/python3.13/__pycache__']
                return [os.access(place, os.W_OK) for place in places if os.path.isdir(place)]
        """,
        "facts": lambda runs: b"\xc3" not in runs[-1].answer,
        "answers": (),
    },
]


@pytest.mark.parametrize("row", MEMORY + FILES, ids=lambda row: row["id"])
def test_attack(laboratory, row):
    laboratory.attempt(row)
