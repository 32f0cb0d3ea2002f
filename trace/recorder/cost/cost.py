# SPDX-License-Identifier: MIT
"""What recording a program costs.

    cost.py SERIALBENCH RECORDER_LOOPS [--pairs N] [--million N]
            [--instructions] [NAME…]

Runs each program plain and recorded in turn, and prints the median of the
pairs' ratios in processor time (user and system) and in wall time, each with
the sign test's interval of at least 95 %. Programs that are not installed are
left out. --instructions counts those of one allocation and its free in the
loops instead, with callgrind. NAMEs are programs of the table below, all
where there is none.
"""
import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

LOOPS = [(f"{loop}-{threads}", [loop, str(threads)])
         for loop in ("pair", "stack", "swap") for threads in (1, 2)]

# Takes texts apart and makes them again; each object is a block.
PYTHON = """
import json
data = {str(i): list(range(i % 50)) for i in range(2000)}
for _ in range(6):
    data = json.loads(json.dumps(data))
"""
SQL = """
create table sale(id integer primary key, customer text, cents int, day text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
  insert into sale select i, hex(i * 31 % 500), i * 7919 % 10000,
    date('2024-01-01', i % 365 || ' days') from n;
create index sale_customer on sale(customer);
select customer, group_concat(distinct day), sum(cents) from sale
  group by customer order by 3;
select count(*) from sale where customer like '%3%' and day > '2024-06';
"""
C_SOURCE = "".join(f"#include <{name}.h>\n" for name in (
    "stdio", "stdlib", "string", "math", "pthread", "sys/socket")) + "".join(
        f"""
static double part_{i}(const double *in, int n)
{{
	double sum = {i};
	for (int k = 0; k < n; k++)
		sum += in[k] > sum ? sqrt(in[k]) : in[k] * {i};
	return sum;
}}
double whole_{i}(const double *in, int n)
{{
	return n > {i} ? part_{i}(in, n) + whole_{i}(in, n - 1) : part_{i}(in, n);
}}
""" for i in range(60))
CXX_SOURCE = """
#include <map>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
std::map<std::string, std::vector<std::string>> words(const std::string &text)
{
	std::map<std::string, std::vector<std::string>> found;
	std::regex word("[a-z]+");
	for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end;
		++i)
		found[i->str().substr(0, 1)].push_back(i->str());
	return found;
}
"""
# A C++ program at its own work: a map of texts, taken in and out.
CXX_PROGRAM = """
#include <cstdint>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>
int main()
{
	std::map<std::string, std::vector<std::string>> map;
	uint64_t state = 88172645463325252;
	for (int i = 0; i < 400000; i++) {
		state ^= state << 13, state ^= state >> 7, state ^= state << 17;
		std::string key = "a key of the map " + std::to_string(state % 5000);
		auto &list = map[key];
		list.push_back("a text of some length " + std::to_string(state));
		if (list.size() > 20)
			map.erase(key);
	}
	std::ostringstream out;
	for (auto &entry : map)
		out << entry.first << ' ' << entry.second.size() << '\\n';
	std::cout << out.str().size() << '\\n';
}
"""


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def make_repository(folder):
    """A history of 60 commits of a few files."""
    git = os.path.join(folder, "history")
    log = []
    for number in range(60):
        log.append("commit refs/heads/main\n"
                   f"committer name <n@example.org> {1700000000 + number} "
                   f"+0000\ndata 5\nword\n\n")
        for part in range(8):
            text = "".join(f"line {i * (part + 1) % (number + 7)}\n"
                           for i in range(200))
            log.append(f"M 100644 inline file{part}\n"
                       f"data {len(text)}\n{text}\n")
    subprocess.run(["git", "init", "-q", git], check=True)
    subprocess.run(["git", "-C", git, "fast-import", "--quiet"],
                   input="".join(log).encode(), check=True)
    return git


def real_programs(folder):
    """name, what must be installed, command"""
    file = {name: os.path.join(folder, name) for name in (
        "work.py", "work.sql", "work.c", "work.cc", "program.cc", "program")}
    for name, text in (("work.py", PYTHON), ("work.sql", SQL),
                       ("work.c", C_SOURCE), ("work.cc", CXX_SOURCE),
                       ("program.cc", CXX_PROGRAM)):
        write(file[name], text)
    programs = [
        ("python3", ["/usr/bin/python3", file["work.py"]]),
        ("sqlite3", ["sqlite3", ":memory:", ".read " + file["work.sql"]]),
        ("gcc -c", ["gcc", "-O2", "-c", "-o", "/dev/null", file["work.c"]]),
        ("g++ -c", ["g++", "-c", "-o", "/dev/null", file["work.cc"]]),
    ]
    if shutil.which("git"):
        git = make_repository(folder)
        programs.append(("git log", ["git", "-C", git, "log", "--stat", "-p",
                                     "main"]))
    if shutil.which("g++"):
        subprocess.run(["g++", "-O2", "-o", file["program"],
                        file["program.cc"]], check=True)
        programs.append(("c++ map", [file["program"]]))
    return [(name, command) for name, command in programs
            if shutil.which(command[0])]


def run(command):
    """Processor and wall time of one that ends well, and its output's."""
    with tempfile.TemporaryFile() as out:
        start = time.monotonic()
        with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                              stdout=out) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        if process.returncode != 0:
            sys.exit(f"failed: {command}: code {process.returncode}")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, wall, out.read()


def sign_interval(values):
    """Order statistics around the median that miss it in at most 5 %; the
    least and the most where the values are too few for that."""
    values = sorted(values)
    count = len(values)
    rank = 0
    while (rank + 1 <= count // 2 and
           2 * sum(math.comb(count, i) for i in range(rank + 1)) / 2 ** count
           <= 0.05):
        rank += 1
    rank = max(rank, 1)
    return values[rank - 1], values[count - rank]


def text_of(ratios):
    low, high = sign_interval(ratios)
    return f"{statistics.median(ratios):.2f} [{low:.2f}, {high:.2f}]"


def time_pairs(name, command, recorded, pairs):
    cpu, wall, plain_cpu = [], [], []
    for number in range(-1, pairs):
        both = [run(command), run(recorded)] if number % 2 == 0 else [
            *reversed([run(recorded), run(command)])]
        if both[0][2] != both[1][2]:
            sys.exit(f"failed: {name}: recorded, its output is another one")
        if number >= 0:  # the first is to warm up
            plain_cpu.append(both[0][0])
            cpu.append(both[1][0] / both[0][0])
            wall.append(both[1][1] / both[0][1])
    print(f"{name:10} {statistics.median(plain_cpu):9.3f} "
          f"{text_of(cpu):>20} {text_of(wall):>20}", flush=True)


def count_events(serialbench, trace):
    """How many of all processes that were recorded."""
    events = 0
    folder, name = os.path.split(trace)
    for file in os.listdir(folder):
        if file.startswith(name):
            done = subprocess.run(
                [serialbench, "trace", "info", "--format", "csv",
                 os.path.join(folder, file)], stdout=subprocess.PIPE,
                check=True)
            found = re.search(rb"(?m)^events,[^,]*,[^,]*,(\d+)", done.stdout)
            events += int(found.group(1))
    return events


def callgrind(prefix, command):
    done = subprocess.run(
        [*prefix, "valgrind", "--tool=callgrind",
         "--callgrind-out-file=/dev/null", *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=300, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"failed: {command}: code {done.returncode}\n{done.stderr}")
    return int(found.group(1))


def count_instructions(name, prefix, command):
    """Of two operation counts, so that start-up drops out."""
    few, many = 20000, 220000
    each = [(callgrind(way, [*command, str(many)]) -
             callgrind(way, [*command, str(few)])) /
            (many - few) / int(command[2]) for way in ([], prefix)]
    print(f"{name:10} {each[0]:9.1f} {each[1]:9.1f} "
          f"{each[1] - each[0]:9.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("serialbench")
    parser.add_argument("loops")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--million", type=float, default=10,
                        help="operations of a loop's thread")
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    loops = os.path.realpath(options.loops)
    os.environ.update(LC_ALL="C", PYTHONMALLOC="malloc", PYTHONHASHSEED="0",
                      PYTHONDONTWRITEBYTECODE="1", GIT_PAGER="cat",
                      GIT_CONFIG_GLOBAL="/dev/null",
                      GIT_CONFIG_SYSTEM="/dev/null")
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "traces", "trace")
        os.mkdir(os.path.dirname(trace))
        prefix = [os.path.realpath(options.serialbench), "record", "--quiet",
                  "-o", trace, "--"]
        if options.instructions:
            print("loop           plain  recorded      more")
            for name, arguments in LOOPS:
                if not options.names or name in options.names:
                    count_instructions(name, prefix, [loops, *arguments])
            return
        programs = [
            (name, [loops, *arguments, str(int(options.million * 1e6))])
            for name, arguments in LOOPS]
        if not options.names or set(options.names) - dict(LOOPS).keys():
            programs = real_programs(folder) + programs
        print("program     plain, s       processor time            wall time")
        for name, command in programs:
            if options.names and name not in options.names:
                continue
            time_pairs(name, command, prefix + command, options.pairs)
            if count_events(prefix[0], trace) == 0:
                sys.exit(f"failed: {name}: nothing was recorded")
            shutil.rmtree(os.path.dirname(trace))
            os.mkdir(os.path.dirname(trace))


main()
