# SPDX-License-Identifier: MIT
"""Records programs whose calls are known, and real ones.

    record.py SERIALBENCH CALLS_PROGRAM OWN_MALLOC_PROGRAM

Prints every case that does not hold, with the values; exits with 0 or 1.
"""
import collections
import glob
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM, CALLS, OWN_MALLOC = [os.path.realpath(path)
                              for path in sys.argv[1:4]]
PASSED = 4000
EXIT = "ended exit lost 0 running 0"
checked = 0
failed = 0

# SUBJECT: exit code, then what stands in the trace, without numbers of new
# blocks; PAGE is the machine's.
EXACT = {
    "family": (0, f"""
T0 malloc 10
T0 realloc #1 5000
T0 calloc 3 7
T0 realloc #2 36
T0 free #4
T0 free NULL
T0 free #3
T0 realloc NULL 0
T0 realloc #5 24
T0 realloc #6 0 freed
T0 posix_memalign 64 100
T0 free #7
T0 aligned_alloc 128 256
T0 free #8
T0 memalign 64 33
T0 free #9
T0 memalign PAGE 5
T0 free #10
T0 memalign PAGE PAGE
T0 free #11
{EXIT} peak_blocks 1 peak_bytes 5021"""),
    "failing": (0, f"""
T0 malloc 8
T0 malloc 9223372036854775808 failed
T0 calloc 9223372036854775808 2 failed
T0 realloc #1 9223372036854775808 failed
T0 realloc #1 18446744073709551615 failed
T0 posix_memalign 24 8 failed
T0 free #1
{EXIT} peak_blocks 1 peak_bytes 8"""),
    "vforks": (0, f"""
T0 malloc 1
T0 free #1
{EXIT} peak_blocks 1 peak_bytes 1"""),
    "one": (0, f"""
T0 malloc 3
{EXIT} peak_blocks 1 peak_bytes 3"""),
    "leaves": (11, f"""
T0 malloc 4
{EXIT} peak_blocks 1 peak_bytes 4"""),
    "leaves_quickly": (12, f"""
T0 malloc 5
{EXIT} peak_blocks 1 peak_bytes 5"""),
    "aborts": (134, """
T0 malloc 6
ended stop lost 0 running 0 peak_blocks 1 peak_bytes 6"""),
    "closes": (0, f"""
T0 malloc 8
T0 malloc 9
{EXIT} peak_blocks 2 peak_bytes 17"""),
}
EXACT["family"] = (0, EXACT["family"][1].replace(
    "peak_blocks 1 peak_bytes 5021", "peak_blocks 2 peak_bytes 5021"))


def expect(case, got, wanted):
    global checked, failed
    checked += 1
    if got != wanted:
        failed += 1
        print(f"{case}:\n  got      {got!r}\n  expected {wanted!r}")


def run(command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, check=False, **more)


def record(path, command, *options, **more):
    return run([PROGRAM, "record", "-o", path, *options, "--", *command],
               **more)


def lines_of(path):
    """Header lines, and events; blocks are named as they are."""
    done = run([PROGRAM, "trace", "convert", path, "-o", "-"])
    if done.returncode != 0:
        expect(f"convert {path}", done.stderr, b"")
    lines = done.stdout.decode().splitlines()
    events = [re.sub(r"( = #\d+)?( after \d+)?$", "", line) for line in lines
              if re.match(r"T\d+ |ended ", line)]
    return lines, events


def events_of(path):
    return lines_of(path)[1]


def wanted_events(text):
    page = str(os.sysconf("SC_PAGESIZE"))
    return text.strip().replace("PAGE", page).splitlines()


def exact(folder):
    for subject, (code, text) in EXACT.items():
        path = os.path.join(folder, subject)
        done = record(path, [CALLS, subject])
        expect(f"{subject}: exit code", done.returncode, code)
        expect(f"{subject}: stdout", done.stdout, b"")
        lines, events = lines_of(path)
        expect(f"{subject}: events", events, wanted_events(text))
        expect(f"{subject}: command",
               [line for line in lines if line.startswith("argument")],
               [f"argument {CALLS}", f"argument {subject}"])
        said = done.stderr.decode()
        expect(f"{subject}: summary has one line",
               said.count("\n"), 1)
        expect(f"{subject}: summary counts",
               f": {len(events) - 1} events, 1 thread, " in said, True)
        expect(f"{subject}: one file", glob.glob(path + ".*"), [])


def by_thread(events):
    threads = collections.defaultdict(list)
    for event in events:
        name, _, rest = event.partition(" ")
        threads[name].append(rest)
    return threads


def hands(folder):
    for options in ((), ("--time",)):
        path = os.path.join(folder, "hands")
        done = record(path, [CALLS, "hands"], *options)
        expect("hands: exit code", (done.returncode, done.stdout), (0, b""))
        threads = by_thread(events_of(path))
        made = [event for event in threads["T0"] if event == "malloc 40"]
        expect("hands: given", len(made), PASSED)
        expect("hands: create", threads["T0"].count("create T1"), 1)
        expect("hands: back", threads["T0"][-1], "free T1#1")
        other = [event for event in threads["T1"] if event != "free NULL"]
        expect("hands: taken", len(other), PASSED + 2)
        expect("hands: last", other[-2:], ["malloc 77", "end"])
        # Blocks that the C library makes for the thread shift the numbers.
        numbers = [int(event.split("#")[1]) for event in other[:PASSED]]
        expect("hands: in order",
               numbers, list(range(numbers[0], numbers[0] + PASSED)))
        expect("hands: end", threads["ended"][0].startswith(
            "exit lost 0 running 0"), True)


def c11(folder):
    path = os.path.join(folder, "c11")
    expect("c11: exit code", record(path, [CALLS, "c11"]).returncode, 0)
    threads = by_thread(events_of(path))
    other = [event for event in threads["T1"] if event != "free NULL"]
    number = [event for event in threads["T0"]
              if event.startswith("malloc")].index("malloc 200") + 1
    expect("c11: thread", other,
           [f"free T0#{number}", "malloc 300", "free #1", "end"])


def crowd(folder):
    path = os.path.join(folder, "crowd")
    expect("crowd: exit code", record(path, [CALLS, "crowd"]).returncode, 0)
    threads = by_thread(events_of(path))
    created = [event for event in threads["T0"] if event[:6] == "create"]
    expect("crowd: created", created, [f"create T{i}" for i in range(1, 301)])
    expect("crowd: each", {(threads[f"T{i}"].count("malloc 24"),
                            threads[f"T{i}"].count("end"))
                           for i in range(1, 301)}, {(1000, 1)})


def peaks(folder):
    """What the C library has for the thread is in it, too."""
    path = os.path.join(folder, "peaks")
    expect("peaks: exit code", record(path, [CALLS, "peaks"]).returncode, 0)
    peak = int(events_of(path)[-1].split()[-1])
    expect(f"peaks: {peak}", 3000000 <= peak < 3100000, True)


def forks(folder):
    path = os.path.join(folder, "forks")
    expect("forks: exit code", record(path, [CALLS, "forks"]).returncode, 0)
    lines, events = lines_of(path)
    pid = [event.split()[2] for event in events if " fork " in event]
    expect("forks: events", events, [
        "T0 malloc 1", "T0 malloc 2", f"T0 fork {''.join(pid)}", "T0 free #2",
        "T0 free #1", f"{EXIT} peak_blocks 2 peak_bytes 3"])
    child, child_events = lines_of(f"{path}.{''.join(pid)}")
    expect("forks: child", child_events, [
        "T0 malloc 3", "T0 free #1", "T0 malloc 4", "T0 free #2",
        f"{EXIT} peak_blocks 1 peak_bytes 4"])
    parent = [line.split()[1] for line in lines if line.startswith("pid ")]
    expect("forks: header", ("forked" in child, "forked" in lines,
                             f"parent_pid {parent[0]}" in child),
           (True, False, True))


def execs(folder):
    path = os.path.join(folder, "execs")
    done = record(path, [CALLS, "execs"])
    expect("execs: exit code", done.returncode, 0)
    lines, events = lines_of(path)
    expect("execs: events", events, [
        "T0 malloc 1", "T0 free #1", "T0 malloc 2", "T0 free #2",
        "ended exec lost 0 running 0 peak_blocks 1 peak_bytes 2"])
    pid = [line.split()[1] for line in lines if line.startswith("pid ")][0]
    expect("execs: image", events_of(f"{path}.{pid}"), [
        "T0 malloc 3", f"{EXIT} peak_blocks 1 peak_bytes 3"])
    expect("execs: summary", f"{path}.{pid}\n" in done.stderr.decode(), True)


def killed(folder):
    path = os.path.join(folder, "killed")
    with subprocess.Popen([PROGRAM, "record", "-o", path, "--", CALLS,
                           "waits"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        with open(path, "rb") as file:
            pid = int.from_bytes(file.read(64)[48:52], sys.byteorder)
        os.kill(pid, signal.SIGKILL)
        said = process.communicate(timeout=60)[1].decode()
    expect("killed: exit code", process.returncode, 137)
    expect("killed: summary", "end: killed by signal 9\n" in said, True)
    events = events_of(path)
    expect("killed: all of it is there", events.count("T0 malloc 64"), 100000)
    expect("killed: end", events[-1].startswith(
        "ended signal lost 0 running 0 "), True)
    expect("killed: peak", "at the peak" in said, False)
    expect("killed: one file", glob.glob(path + ".*"), [])


def term(folder):
    """Signals go to the program, and its exit code comes back."""
    path = os.path.join(folder, "term")
    with subprocess.Popen([PROGRAM, "record", "-o", path, "--", CALLS,
                           "waits"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.terminate()
        process.communicate(timeout=60)
    expect("term: exit code", process.returncode, 128 + signal.SIGTERM)


def small_stacks(folder):
    """A child of a small thread, and one that has 16 KiB, are recorded."""
    for subject in ("small_stack", "small_thread"):
        path = os.path.join(folder, subject)
        done = record(path, [CALLS, subject])
        expect(f"{subject}: exit code", done.returncode, 0)
        children = glob.glob(path + ".*")
        expect(f"{subject}: a child", len(children), 1)
        for child in children:
            expect(f"{subject}: its call",
                   events_of(child)[:2], ["T0 malloc 21", "T0 free #1"])


def own_calls(folder):
    """The recorder uses none of the program's own write() and getpid()."""
    path = os.path.join(folder, "own_calls")
    done = record(path, [CALLS, "own_calls"])
    expect("own calls: exit code", (done.returncode, done.stderr.count(b"\n")),
           (0, 1))
    expect("own calls: all", events_of(path).count("T0 malloc 64"), 1000000)


def limit(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def file_limit(folder):
    """The program is not ended by a signal that it would not have had."""
    path = os.path.join(folder, "limited")
    done = record(path, [CALLS, "limited"], preexec_fn=limit(200000))
    expect("limit: exit code", (done.returncode, done.stdout,
                                done.stderr.count(b"\n")), (0, b"", 1))
    expect("limit: what fits is there",
           events_of(path).count("T0 malloc 64") > 30000, True)


def close_streams(most):
    def close():
        for descriptor in range(3):
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return close


def closed(folder):
    """Descriptors 0 to 2 stay the program's, also where there are few."""
    for most in (1024, 64, 16):
        path = os.path.join(folder, f"closed{most}")
        done = record(path, [CALLS, "closed"], preexec_fn=close_streams(most))
        expect(f"closed, {most}: exit code", done.returncode, 0)
        expect(f"closed, {most}: events", events_of(path)[:2],
               ["T0 malloc 7", "T0 free #1"])
        with open(path, "rb") as file:
            expect(f"closed, {most}: nothing else", b"a word" in file.read(),
                   False)


def odd_files(folder):
    """One line, and nothing is waited for."""
    fifo = os.path.join(folder, "fifo")
    empty = os.path.join(folder, "empty")
    os.mkfifo(fifo)
    with open(empty, "wb"):
        pass
    for name in (fifo, empty, folder, "/dev/zero", "/dev/tty", "/nonexistent"):
        for command in (["info", name], ["convert", name, "-o", empty + ".x"]):
            done = run([PROGRAM, "trace", *command])
            expect(f"{command}", (done.returncode, done.stdout,
                                  done.stderr.count(b"\n")), (2, b"", 1))


SUDDEN = {  # exit code, calls of malloc(64), how the trace ends
    "raw_exit": (3, 2000, r"ended exit_group .* status 3$"),
    "raw_exec": (0, 1000, r"ended exec .*\d$"),
    "kills_itself": (137, 1000, r"ended signal .* status 9$"),
    "child_killed": (0, 0, r"ended exit .*\d$"),
    "kills_parent": (1, 2000, r"ended (exit|unseen) "),
    "kills_group": (-9, 1000, r"ended signal .* status 9$"),
}


def wait_for_end(path):
    for _ in range(1000):
        events = events_of(path)
        if events and events[-1].startswith("ended"):
            break
        time.sleep(0.02)
    return events


def sudden(folder):
    """Programs that end without a word keep all their events."""
    for subject, (code, calls, end) in SUDDEN.items():
        path = os.path.join(folder, subject)
        done = record(path, [CALLS, subject], start_new_session=True)
        events = wait_for_end(path)
        expect(f"{subject}: exit code", done.returncode, code)
        expect(f"{subject}: events", sum(
            event.endswith(" malloc 64") for event in events), calls)
        expect(f"{subject}: {events[-1:]}",
               re.match(end, "".join(events[-1:])) is not None, True)
        expect(f"{subject}: no buffers", glob.glob(path + "*.buffers"), [])
    child = glob.glob(os.path.join(folder, "child_killed.*"))
    expect("child killed: one", len(child), 1)
    events = events_of("".join(child))
    expect("child killed: events", events.count("T0 malloc 64"), 1000)
    expect("child killed: end", events[-1].startswith("ended unseen "), True)


def bypasses(folder):
    """Blocks that are freed past the recorder do not add up."""
    path = os.path.join(folder, "bypasses")
    done = record(path, [CALLS, "bypasses"])
    expect("bypasses: exit code", done.returncode, 0)
    said = re.search(r"(\d+) frees not seen", done.stderr.decode())
    unseen = int(said.group(1)) if said else 0
    info = json.loads(run([PROGRAM, "trace", "info", path, "--format",
                           "json"]).stdout)
    expect("bypasses: as trace info has it", info["unseen_frees"], unseen)
    expect(f"bypasses: {unseen} frees", 100 <= unseen <= 199, True)
    for figure in ("peak_bytes", "recorded_peak_bytes"):
        peak = info[figure]
        expect(f"bypasses: {figure} {peak}", 100000 <= peak < 200000, True)


def holes(folder):
    """Names and scopes by which calls used to go past the recorder."""
    page = os.sysconf("SC_PAGESIZE")
    whole = (4326 + page - 1) // page * page
    for subject, calls in {
            "deepbind": ["malloc 4321"],
            "second_names": [
                "malloc 4321", "realloc #N 4322", "calloc 1 4323",
                "memalign 128 4324", f"memalign {page} 4325",
                f"memalign {page} {whole}"]}.items():
        path = os.path.join(folder, subject)
        done = record(path, [CALLS, subject])
        expect(f"{subject}: exit code", done.returncode, 0)
        events = [re.sub(r"^T0 | ?#\d+$", "", re.sub(r"#\d+ ", "#N ", event))
                  for event in events_of(path)]
        first = next((i for i, event in enumerate(events)
                      if event == "malloc 4321"), len(events))
        # What is loaded and looked up allocates by itself.
        wanted = [event for event in events[first:] if event in calls]
        expect(f"{subject}: calls", wanted, calls)
        expect(f"{subject}: frees not seen",
               b"not seen" in done.stderr, False)
        expect(f"{subject}: frees", events[first:].count("free") >=
               len(calls) - (subject == "second_names"), True)


def own_malloc(folder):
    """A program whose calls the recorder cannot see says so."""
    path = os.path.join(folder, "own_malloc")
    for options in ((), ("--quiet",)):
        done = record(path, [OWN_MALLOC], *options)
        expect("own malloc", (done.returncode, done.stderr.decode()), (
            1, f"serialbench record: {OWN_MALLOC} brings its own malloc: "
            "nothing was recorded\n"))
    expect("own malloc: text", "own_malloc" in lines_of(path)[0], True)


def low_peak(folder):
    """Where the order of threads loses the peak, it is said."""
    for options in ((), ("--time",)):
        path = os.path.join(folder, "together" + "".join(options))
        expect("low peak: exit code", record(
            path, [CALLS, "together"], *options).returncode, 0)
        info = json.loads(run([PROGRAM, "trace", "info", path, "--format",
                               "json"]).stdout)
        # The order that threads get is not always the same.
        low = (not options and
               info["peak_bytes"] < 0.95 * info["recorded_peak_bytes"])
        # A sanitizer takes the place of the allocators that a run proves.
        runs = [] if os.environ.get("SERIALBENCH_SANITIZED") else [
            ["run", "--workload", f"trace:{path}", "--quick", "--dry-run"]]
        for command in [["trace", "info", path]] + runs:
            done = run([PROGRAM, *command])
            expect(f"low peak, {command}: exit code", done.returncode, 0)
            expect(f"low peak, {command}", b"record --time" in done.stderr, low)


def odd_names(folder):
    """A command need not be UTF-8; what is printed of it is."""
    name = os.fsencode(folder) + b"/caf\xe9 \xff/\"x\\\x01"
    os.makedirs(os.path.dirname(name))
    os.symlink(CALLS, name)
    path = os.fsencode(folder) + b"/odd\xe9"
    done = record(path, [name, "one"])
    expect("odd names: exit code", done.returncode, 0)
    for what in (["info", path], ["info", path, "--format", "csv"],
                 ["info", path, "--format", "json"],
                 ["convert", path, "-o", "-"]):
        done = run([PROGRAM, "trace", *what])
        try:
            done.stdout.decode()
        except UnicodeDecodeError as error:
            expect(f"odd names: {what}", str(error), "UTF-8")
        expect(f"odd names: {what}", done.returncode, 0)
    text, again = os.path.join(folder, "text"), os.path.join(folder, "again")
    run([PROGRAM, "trace", "convert", path, "-o", text])
    run([PROGRAM, "trace", "convert", text, "-o", again])
    with open(again, "rb") as file:
        expect("odd names: back", name + b"\0one\0" in file.read(), True)


def interrupted(folder):
    """Ctrl-C, or SIGINT to the recorder alone, ends what has no end."""
    for group in (False, True):
        path = os.path.join(folder, f"interrupted{group}")
        with subprocess.Popen([PROGRAM, "record", "-o", path, "--", CALLS,
                               "waits"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE,
                              start_new_session=True) as process:
            process.stdout.readline()
            if group:
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        events = events_of(path)
        expect(f"interrupted, {group}: exit code", process.returncode, 130)
        expect(f"interrupted, {group}: events",
               events.count("T0 malloc 64"), 100000)
        expect(f"interrupted, {group}: end", "status 2" in events[-1], True)


def full_disk(folder):
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if run(["mount", "-t", "tmpfs", "-o", "size=1M", "serialbench-test",
            disk]).returncode != 0:
        print("full disk: left out, nothing can be mounted")
        return
    try:
        path = os.path.join(disk, "trace")
        done = record(path, [CALLS, "many"])
        expect("full disk: exit code", (done.returncode, done.stdout),
               (13, b""))
        events = events_of(path)
        expect("full disk: what fits is there",
               events.count("T0 malloc 64") > 100000, True)
    finally:
        run(["umount", disk])


def refusals(folder):
    link = os.path.join(folder, "link")
    os.symlink("/dev/null", link)
    regular = os.path.join(folder, "kept")
    for name, arguments in {
            "device": ["-o", "/dev/null", "true"],
            "link": ["-o", link, "true"],
            "folder": ["-o", folder, "true"],
            "no folder": ["-o", os.path.join(folder, "no", "x"), "true"],
            "no program": ["-o", regular, "/nonexistent/program"],
            "no command": ["-o", regular],
            "no file": ["true"],
            "option": ["--nonsense", "-o", regular, "true"]}.items():
        done = run([PROGRAM, "record", *arguments])
        expect(f"refused, {name}", (done.returncode, done.stdout,
                                    done.stderr.count(b"\n")), (2, b"", 1))
        expect(f"refused, {name}: nothing is left", os.path.exists(regular),
               False)
    expect("the link is there", os.readlink(link), "/dev/null")
    expect("the device is one", os.path.isfile("/dev/null"), False)


GIT = """
set -e
rm -rf "$1"; mkdir "$1"; cd "$1"; git init -q .; echo text > file; git add file
git -c user.name=n -c user.email=e commit -q -m first
git log --stat --format='%H %s' | cat; git gc -q; exit 4
"""
PYTHON = """
import json, subprocess, sys, threading
data = {str(i): list(range(i)) for i in range(200)}
texts = [None] * 4
def work(place):
    texts[place] = json.dumps(json.loads(json.dumps(data)), indent=1)
crew = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in crew: t.start()
for t in crew: t.join()
print(len(set(texts)), len(texts[0]))
print(subprocess.run(["/bin/sh", "-c", "echo out"],
                     stdout=subprocess.PIPE).stdout)
sys.exit(5)
"""
SOURCE = "#include <stdio.h>\nint main(void) { puts(\"x\"); return 0; }\n"


def real(folder):
    """They do what they do without, and each of their traces reads."""
    source = os.path.join(folder, "small.c")
    with open(source, "w", encoding="ascii") as file:
        file.write(SOURCE)
    python = "/usr/bin/python3"
    if not os.access(python, os.X_OK):
        python = sys.executable
    git = os.path.join(folder, "repository")
    date = "2024-01-01T00:00:00Z"
    env = dict(os.environ, LC_ALL="C", PYTHONMALLOC="malloc",
               GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date,
               GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    programs = {
        "git": ["/bin/sh", "-c", GIT, "sh", git],
        "python": [python, "-c", PYTHON],
        "gcc": ["gcc", "-O1", "-S", "-o", "-", source],
        "xz": ["xz", "-T2", "--block-size=64KiB", "-c", CALLS],
    }
    for name, command in programs.items():
        if not shutil.which(command[0]) or not shutil.which(name.replace(
                "python", command[0])):
            continue
        path = os.path.join(folder, name)
        plain = run(command, env=env)
        done = record(path, command, "--quiet", env=env)
        expect(f"{name}: does the same",
               (done.returncode, done.stdout, done.stderr),
               (plain.returncode, plain.stdout, plain.stderr))
        for file in glob.glob(path + "*"):
            if os.path.isfile(file):
                ended = events_of(file)[-1:]
                expect(f"{file}: end", re.match(
                    r"ended (exit|exec) lost 0 running \d", "".join(ended))
                    is not None, True)


def main():
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for part in (exact, hands, c11, crowd, peaks, forks, execs, killed, term,
                     small_stacks, own_calls, file_limit, closed, odd_files,
                     sudden, bypasses, interrupted, holes, own_malloc,
                     low_peak, odd_names,
                     full_disk, refusals, real):
            part(folder)
    print(f"{checked} checks, {failed} failed, "
          f"{time.monotonic() - start:.1f} s")
    sys.exit(1 if failed else 0)


main()
