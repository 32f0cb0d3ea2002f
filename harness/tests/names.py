#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No code outside alloc/ and the tests compares a lane's name with a text.

names.py SOURCE VARIANTS

What a lane is, its backend says (alloc_role, numbers_blocks, allocates) and
meta.json keeps; a name is for people. VARIANTS are the names, with commas.
"""
import os
import re
import sys

top, names = sys.argv[1], sys.argv[2].replace(" ", "").split(",")
NAMED = "|".join(map(re.escape, names))
COMPARED = re.compile(
    r"\bstrn?(?:case)?cmp\s*\([^;{}]*?\"(?:" + NAMED + r")\"", re.S)


def found_in(text):
    return [text.count("\n", 0, match.start()) + 1
            for match in COMPARED.finditer(text)]


# The check itself must be able to fail.
assert found_in('if (strcmp(variant,\n\t"' + names[0] + '") == 0)') == [1]
assert found_in('strcmp(a, b); puts("' + names[0] + '");') == []

bad = looked = 0
for folder, folders, files in os.walk(top):
    folders[:] = [name for name in folders if name not in
                  ("alloc", "tests", "fuzz") and
                  not name.startswith((".", "build"))]
    for name in files:
        if not name.endswith((".c", ".h", ".cc")):
            continue
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        looked += 1
        for line in found_in(text):
            print(f"{os.path.relpath(path, top)}:{line}: compares the name "
                  "of a variant")
            bad += 1
print(f"{looked} files looked at")
sys.exit(1 if bad or looked < 200 else 0)
