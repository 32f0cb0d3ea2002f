# SPDX-License-Identifier: MIT
"""Turns text files into C arrays: embed_text.py OUTPUT INPUT…

report.css becomes report_css[]; bytes as numbers, for ISO C limits the length
of a string literal. A script gets its SHA-256 beside it, as a page's security
policy names it."""
import base64
import hashlib
import pathlib
import sys

output, *inputs = sys.argv[1:]
lines = ['// SPDX-License-Identifier: MIT', '#include "report_embedded.h"', '']
for name in inputs:
    path = pathlib.Path(name)
    symbol = path.name.replace('.', '_')
    data = path.read_bytes() + b'\0'
    if path.suffix == '.js':
        digest = base64.b64encode(hashlib.sha256(data[:-1]).digest()).decode()
        lines.append(f'const char {symbol}_sha256[] = "{digest}";')
    lines.append('const char %s[] = {' % symbol)
    for start in range(0, len(data), 16):
        lines.append('\t%s,' % ', '.join(
            "'\\x%02x'" % byte for byte in data[start:start + 16]))
    lines.append('};\n')
pathlib.Path(output).write_text('\n'.join(lines))
