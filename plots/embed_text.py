# SPDX-License-Identifier: MIT
"""Turns text files into C arrays: embed_text.py OUTPUT INPUT…

report.css becomes report_css[]; bytes as numbers, for ISO C limits the length
of a string literal."""
import pathlib
import sys

output, *inputs = sys.argv[1:]
lines = ['// SPDX-License-Identifier: MIT', '#include "report_embedded.h"', '']
for name in inputs:
    path = pathlib.Path(name)
    data = path.read_bytes() + b'\0'
    lines.append('const char %s[] = {' % path.name.replace('.', '_'))
    for start in range(0, len(data), 16):
        lines.append('\t%s,' % ', '.join(
            "'\\x%02x'" % byte for byte in data[start:start + 16]))
    lines.append('};\n')
pathlib.Path(output).write_text('\n'.join(lines))
