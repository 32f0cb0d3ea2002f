# SPDX-License-Identifier: MIT
"""Help, parser, manual pages and the completions of bash, zsh and fish: whether
all say the same of every option of every command.

command_line.py SERIALBENCH FOLDER, with the folder of the files that were made.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys

from run_dir import check, finish, run, same

PROGRAM, FILES = map(os.path.abspath, sys.argv[1:3])
WRONG = "--no-such-option"
# These start a worker, or look for the text in a run.
NOT_TRIED = {("run", "allocator"), ("run", "peer"), ("ledger", "allocator"),
             ("exec", "allocator"), ("python", "allocator")}
VALUE = {"shard": "1/2", "stdin": os.path.abspath(sys.argv[0])}


class Option:
    """A row as the help or a page has it."""
    def __init__(self, head, body):
        found = re.fullmatch(r"(?:-(\w), )?--([\w-]+)(?: (\S+))?", head)
        check(found, "no option:", head)
        self.letter, self.name, self.argument = found.groups()
        self.body = " ".join(body.split())
        self.standard = None
        text = self.body
        closed = re.fullmatch(r"(.*) \(([^()]*)\)", text)
        if closed:
            text, self.standard = closed.groups()
        self.range = re.search(r"; (\d+) to (\d+)(?:, or all)?$", text)
        self.percent = re.search(r"; above 0, up to (\d+)$", text)
        named = re.search(r"; (\w+(?:, \w+)+(?:, or all)?)$", text)
        self.names = []
        if named and not self.range and not self.percent:
            self.names = re.split(r", (?:or )?", named.group(1))

    def key(self):
        return self.letter, self.name, self.argument, self.body


def help_of(command):
    done = run(PROGRAM, *command.split(), "--help")
    lines = done.stdout.splitlines()
    forms, rows, below = [], [], []
    while lines and re.match(r"(Usage:|      ) serialbench", lines[0]):
        forms.append(lines.pop(0)[7:])
    about = []
    for line in lines:
        if re.match(r"  (-\w, )?--", line):
            head, _, body = line[2:].partition("  ")
            rows.append([head.strip(), body])
        elif rows:
            rows[-1][1] += " " + line
        elif re.match(r"  serialbench \S", line):
            below.append(line.partition(" --help:")[0].split(maxsplit=1)[1])
        else:
            about.append(line)
    return forms, " ".join(" ".join(about).split()), \
        [Option(*row) for row in rows], below


def plain(text):
    """Roff as the text that it prints."""
    for mark in (r"\fB", r"\fI", r"\fR"):
        text = text.replace(mark, "")
    for mark, letter in ((r"\-", "-"), (r"\(ga", "`"), (r"\(aq", "'"),
                         (r"\(ha", "^"), (r"\(ti", "~"), (r"\[u2026]", "…"),
                         (r"\e", "\\")):
        text = text.replace(mark, letter)
    return text


def page_of(command):
    name = f"serialbench-{command.replace(' ', '-')}"
    with open(os.path.join(FILES, name + ".1"), encoding="utf-8") as file:
        text = file.read()
    parts = re.split(r"^\.SH (.*)\n", text, flags=re.M)
    sections = dict(zip(parts[1::2], parts[2::2]))
    forms = [plain(form).strip()
             for form in sections["SYNOPSIS"].split(".br\n")]
    about = " ".join(plain(sections["DESCRIPTION"].replace(".PP\n", ""))
                     .split())
    rows = [Option(*plain(row).split("\n", 1))
            for row in sections["OPTIONS"].split(".TP\n")[1:]]
    same(f"{name}.1: name", plain(sections["NAME"]).split(" - ")[0], name)
    return forms, about, rows


def check_pages(commands):
    pages = {f"serialbench-{command.replace(' ', '-')}.1"
             for command in commands} | {"serialbench.1"}
    same("pages", sorted(name for name in os.listdir(FILES)
                         if name.endswith(".1")), sorted(pages))
    with open(os.path.join(FILES, "serialbench.1"), encoding="utf-8") as file:
        listed = re.findall(r"^\\fB([\w-]+)\\fR$", file.read(), flags=re.M)
    same("serialbench.1", listed, [name for name in commands
                                   if " " not in name])
    if shutil.which("groff"):
        for page in pages:
            done = subprocess.run(
                ["groff", "-man", "-ww", "-Tutf8", os.path.join(FILES, page)],
                capture_output=True, text=True, check=False)
            same(f"{page}: groff", (done.returncode, done.stderr), (0, ""))


def refused(words, *said):
    done = run(PROGRAM, *words)
    same(f"{words}: exit code", done.returncode, 2)
    for part in said:
        check(part in done.stderr, words, "names not", part, done.stderr)
    return done.stderr


def taken(words):
    """What stands before the wrong option was taken."""
    refused([*words, WRONG], f"unknown option '{WRONG}'")


def check_range(words, option):
    least, most = map(int, option.range.groups())
    allowed = f"{least} to {most}"
    taken([*words, str(least)])
    taken([*words, str(most)])
    for wrong in ([least - 1] if least else []) + [most + 1]:
        refused([*words, str(wrong)], f"--{option.name} '{wrong}'", allowed)
    for wrong in ("", "x", f"{least}x", f" {least}", f"+{least}", "-1"):
        refused([*words, wrong], f"--{option.name} '{wrong}'", allowed)


def check_percent(words, option):
    most = option.percent.group(1)
    for right in (most, most + "%", "0.5"):
        taken([*words, right])
    for wrong in ("0", str(int(most) + 1), "-1", "nan", "inf", "%", "", "x"):
        refused([*words, wrong], f"--{option.name} '{wrong}'",
                f"a percentage above 0, up to {most}")


def check_names(words, option, names):
    for name in names:
        taken([*words, name])
    said = refused([*words, "zzz"], f"--{option.name} 'zzz': allowed are ")
    same(f"{words}: names of the error", said.strip().partition("are ")[2],
         ", ".join(names))


def check_parser(command, options, names_of):
    for option in options:
        words = [*command.split(), f"--{option.name}"]
        if option.argument is None:
            if option.name != "help":
                taken(words)
                refused([words[0], *words[1:-1], words[-1] + "=3"],
                        "takes no value")
            continue
        refused(words, f"--{option.name}: a value is missing",
                option.argument)
        if (command, option.name) in NOT_TRIED:
            continue
        if option.range:
            check_range(words, option)
        elif option.percent:
            check_percent(words, option)
        elif option.names:
            check_names(words, option, option.names)
        elif option.argument == "LIST" and option.name in ("variant",
                                                           "placement") \
                and command != "gate":
            check_names(words, option, names_of[option.name])
        else:
            taken([*words, VALUE.get(option.name, "x")])
        if option.letter:
            taken([*words[:-1], f"-{option.letter}", "x"])
        if option.standard == "required":
            refused([*command.split(), "x"], f"--{option.name} is missing")
        elif option.standard and (option.names or option.percent or
                                  option.standard.isdigit()):
            taken([*words, option.standard])


def bash(questions):
    """The completions of lists of words."""
    script = [f". {shlex.quote(os.path.join(FILES, 'serialbench'))}"]
    for words in questions:
        script.append(f"COMP_WORDS=({shlex.join(['serialbench', *words])}); "
                      f"COMP_CWORD={len(words)}; _serialbench; "
                      "printf '%s\\n' \"${COMPREPLY[@]}\" 'end of it'")
    done = subprocess.run(["bash", "--norc", "-c", "\n".join(script)],
                          capture_output=True, text=True, check=False)
    same("bash: stderr", done.stderr, "")
    return [text.split() for text in done.stdout.split("end of it\n")[:-1]]


def zsh(commands):
    """The descriptions that _arguments gets for each command."""
    # The last line of the file would complete at once.
    script = """
        _arguments() { print -rl -- "$@" }
        _normal() { :; }
        compset() { :; }
        functions[_load]="$(sed '$d' "$1")"
        _load
        shift
        for command; do
            words=(${=command} --) CURRENT=$(( ${#${=command}} + 1 ))
            _serialbench-${words[1]}
            print "end of it"
        done
    """
    done = subprocess.run(
        ["zsh", "-f", "-c", script, "zsh", os.path.join(FILES, "_serialbench"),
         *commands], capture_output=True, text=True, check=False)
    same("zsh: stderr", done.stderr, "")
    found = {}
    for command, text in zip(commands, done.stdout.split("end of it\n")):
        found[command] = {}
        for row in text.splitlines():
            option = re.match(r"(--?[\w-]+)[=+]?\[(.*?[^\\])\](?::(.*))?$", row)
            if option:
                found[command][option.group(1)] = option.group(3)
    return found


def fish(questions):
    script = [f"source {shlex.quote(os.path.join(FILES, 'serialbench.fish'))}"]
    for words in questions:
        line = shlex.join(["serialbench", *words[:-1]]) + " " + words[-1]
        script.append(f"complete -C {shlex.quote(line)}; echo end of it")
    done = subprocess.run(["fish", "--no-config", "-c", "\n".join(script)],
                          capture_output=True, text=True, check=False)
    same("fish: stderr", done.stderr, "")
    return [[line.split("\t")[0] for line in text.splitlines()]
            for text in done.stdout.split("end of it\n")[:-1]]


def forms_of(options):
    return sorted([f"--{option.name}" for option in options] +
                  [f"-{option.letter}" for option in options if option.letter])


def check_bash(helps):
    """Of lists it returns the names as well."""
    commands = list(helps)
    for command, found in zip(commands, bash(
            [[*command.split(), "-"] for command in commands])):
        same(f"bash: {command}", sorted(found), forms_of(helps[command]))
    same("bash: commands", bash([[""]])[0],
         ["help"] + [name for name in commands if " " not in name] +
         ["--help", "--version"])
    asked = [(command, option) for command in commands
             for option in helps[command] if option.argument]
    found = bash([[*command.split(), f"--{option.name}", ""]
                  for command, option in asked])
    joined = bash([[*command.split(), f"--{option.name}", "=", ""]
                   for command, option in asked])
    names_of = {}
    for (command, option), names, others in zip(asked, found, joined):
        same(f"bash: {command} --{option.name}=", others, names)
        if option.names:
            same(f"bash: {command} --{option.name}", names, option.names)
        if option.argument == "LIST" and command != "gate":
            names_of.setdefault(option.name, names)
    same("bash: second of a list", bash([["run", "--placement", "smt,co"]])[0],
         ["smt,cores"])
    same("bash: a list to print", bash([["list", "pe"]])[0], ["peers"])
    same("bash: below trace", bash([["trace", "i"]])[0], ["info"])
    same("bash: behind --", bash([["exec", "--", "-"]])[0], [])
    return names_of


def check_zsh(helps, names_of):
    found = zsh(list(helps))
    for command, options in helps.items():
        same(f"zsh: {command}", sorted(found[command]), forms_of(options))
        for option in options:
            action = found[command].get(f"--{option.name}")
            if option.names:
                words = re.findall(r"[\w.-]+", action.split(":", 1)[1])
                same(f"zsh: {command} --{option.name}",
                     [word for word in words if word != "_serialbench_list"],
                     option.names)
            elif command == "run" and option.name in ("variant", "placement"):
                same(f"zsh: {command} --{option.name}",
                     action.split("_serialbench_list ")[1].split(),
                     names_of[option.name])


def check_fish(helps, names_of):
    commands = list(helps)
    for command, found in zip(commands, fish(
            [[*command.split(), "--"] for command in commands])):
        same(f"fish: {command}", sorted(set(found)),
             sorted(f"--{option.name}" for option in helps[command]))
    asked = [(command, option) for command in commands
             for option in helps[command] if option.names]
    for (command, option), found in zip(asked, fish(
            [[*command.split(), f"--{option.name}", ""]
             for command, option in asked])):
        same(f"fish: {command} --{option.name}", sorted(found),
             sorted(option.names))
    for name, names in names_of.items():
        same(f"fish: run --{name}",
             sorted(fish([["run", f"--{name}", ""]])[0]), sorted(names))


def main():
    top = re.findall(r"^  ([\w-]+) +\S", run(PROGRAM, "--help").stdout, re.M)
    helps, commands = {}, []
    for name in top:
        commands += [name] + help_of(name)[3]
    for command in commands:
        forms, about, options, _ = help_of(command)
        page = page_of(command)
        check(options and forms and about, "empty help", command)
        same(f"{command}: forms", page[0], forms)
        same(f"{command}: about", page[1], about)
        same(f"{command}: options", [option.key() for option in page[2]],
             [option.key() for option in options])
        helps[command] = options
    check_pages(commands)
    names_of = check_bash(helps)
    if shutil.which("zsh"):
        check_zsh(helps, names_of)
    if shutil.which("fish"):
        check_fish(helps, names_of)
    for command in commands:
        own = dict(names_of)
        if command in ("exec", "python"):
            own["variant"] = bash([[command, "--variant", ""]])[0]
        if command != "trace":
            check_parser(command, helps[command], own)
    finish()


main()
