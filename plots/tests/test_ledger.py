# SPDX-License-Identifier: MIT
"""The ledger's page: test_ledger.py WRITE_REPORT RUN. The ledgers are made up
here; of the run they take trials and machine."""
import csv
import math
import random
import re
import sys

from test_figures import close, table_of
from test_report import (HOSTILE, check_page, check_pictures, page_of, redraw,
                         rows_of, run_cases, write)

HEAD = ('cell,kind,part,ns,ci_low,ci_high,ci_level,share,asked_bytes,'
        'slot_bytes,n_launches,verdict,bytes_verdict').split(',')
CELLS = ('pair,size=64/system/t1', 'fleet/jemalloc/t2')
PARTS = {'size and id words': 16, 'guards': 8, 'clean fill': 0,
         'dead fill': 0, 'verification': 0, 'serial: its bytes': 8,
         'serial: counting (tls)': 0}


def make_ledger(run, cells=CELLS, negative=None):
    """The parts sum to the whole in bytes, and nearly in time."""
    noise = random.Random(3)
    with open(run / 'ledger.csv', 'w', newline='', encoding='utf-8') as file:
        out = csv.DictWriter(file, HEAD, restval='', lineterminator='\n')
        out.writeheader()
        for cell in cells:
            ns = {part: noise.uniform(1, 9) for part in PARTS}
            if negative:
                ns[negative] = -2.5
            total = sum(ns.values())
            whole = total + 0.25
            for kind, part, time, size in (
                    ('base', 'plain', 12.5, 64),
                    *(('part', part, ns[part], PARTS[part]) for part in PARTS),
                    ('total', 'sum of parts', total, 32),
                    ('total', 'three together', 0.375, 0),
                    ('total', 'whole', whole, 32),
                    ('total', 'left over', -0.125, 0),
                    ('interaction', 'guards × clean fill', 0.125, 0)):
                rest = part == 'left over'
                out.writerow({
                    'cell': cell, 'kind': kind, 'part': part, 'ns': time,
                    'ci_low': time - 1, 'ci_high': time + 1,
                    'ci_level': 0.96, 'share': time / whole,
                    'asked_bytes': size, 'slot_bytes': size,
                    'n_launches': 12, 'verdict': 'closes' if rest else '',
                    'bytes_verdict': 'exact' if rest else ''})


def alone(run, **rest):
    """A run of `serialbench ledger`: nothing was compared."""
    for name in ('comparisons.csv', 'summary.csv', 'memory.csv', 'serial.csv', 'exec.csv',
                 'certificate.csv'):
        (run / name).unlink()
    make_ledger(run, **rest)


def page(run):
    alone(run)
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    sections = re.findall('<section id="(.*?)">', text)
    assert sections == ['ledger', 'failed', 'environment'], sections
    assert re.findall('<a href="#(.*?)">', text) == sections
    assert 'Left out:' not in text and 'Where the time' in text


def numbers(run):
    """Every field of the CSV, and the verdicts cell by cell."""
    alone(run)
    write(run)
    rows = rows_of(run, 'ledger.csv')
    shown = table_of(page_of(run), 'ledger', 'sort')
    names = {'cell': 'cell', 'kind': 'kind', 'part': 'part', 'ns': 'ns/op',
             'ci_low': 'from', 'ci_high': 'to',
             'share': 'share of the whole', 'asked_bytes': 'bytes asked',
             'slot_bytes': 'bytes of slots', 'n_launches': 'launches'}
    for row, its in zip(rows, shown, strict=True):
        assert {n: row[n] for n in names} == {n: its[names[n]]
                                              for n in names}, (row, its)
    known = {(row['cell'], row['part']): row for row in rows}
    totals = table_of(page_of(run), 'ledger', 'totals sort')
    assert [row['cell'] for row in totals] == list(CELLS)
    for row in totals:
        for name in ('sum of parts, ns/op', 'three together', 'left over',
                     'whole'):
            part = name.removesuffix(', ns/op')
            assert row[name] == known[row['cell'], part]['ns'], row
        assert (row['time'], row['bytes']) == ('closes', 'exact'), row


def shares(run):
    """The bars' ends, reckoned again; what is negative has no length."""
    alone(run, negative='guards')
    write(run)
    rows = rows_of(run, 'ledger.csv')
    lines = [line.split('\t') for line in
             (run / 'plots/ledger.dat').read_text().splitlines()
             if line and line[0] != '#']
    assert len(lines) == 3 * len(CELLS)
    for line, (cell, column) in zip(lines, (
            (cell, column) for cell in CELLS
            for column in ('ns', 'asked_bytes', 'slot_bytes')), strict=True):
        assert line[-2:] == [f"'{column}'", f"'{cell}'"], line
        mine = {row['part']: float(row[column]) for row in rows
                if row['cell'] == cell}
        end = 0
        for field, part in zip(line[2:-2], PARTS, strict=True):
            end += max(0, 100 * mine[part] / mine['whole'])
            close(field, end, 1e-4)
        if column != 'ns':
            assert math.isclose(end, 100), (column, end)


def drawn(run):
    alone(run)
    write(run)
    pictures = check_pictures(run, page_of(run))
    assert [p.name for p in pictures] == ['ledger-01.svg', 'ledger-02.svg']
    for picture in pictures:
        text = picture.read_text()
        for part in PARTS:
            assert f'>{part}<' in text, (picture.name, part)
        assert '>32 B<' in text
    redraw(run)


def beside_comparisons(run):
    """In a run that compares, the ledger is a section among the others."""
    make_ledger(run)
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    check_pictures(run, text)
    for section in ('answer', 'ledger', 'memory'):
        assert f'<section id="{section}">' in text, section


def no_gnuplot(run):
    alone(run)
    assert 'gnuplot' in write(run, PATH='/nonexistent')
    text = page_of(run)
    check_page(text)
    assert text.count('<details open>') == 1


def odd_ledgers(run):
    """No rows, no whole, hostile names, more cells than stand open."""
    alone(run, cells=())
    assert write(run) == ''
    check_page(page_of(run))
    assert not (run / 'plots' / 'ledger.gp').exists()
    make_ledger(run)
    rows = [row for row in rows_of(run, 'ledger.csv') if
            row['kind'] != 'total']
    with open(run / 'ledger.csv', 'w', newline='', encoding='utf-8') as file:
        out = csv.DictWriter(file, HEAD, lineterminator='\n')
        out.writeheader()
        out.writerows(rows)
    assert write(run) == ''
    check_page(page_of(run))
    hostile = [HOSTILE.replace('/', '|') + f'/system/t{i}' for i in range(12)]
    make_ledger(run, cells=hostile)
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    assert '<script>alert' not in text
    (run / 'ledger.csv').write_text('cell,kind\none\n')
    error = write(run, expect=1)
    assert error.count('\n') == 1 and 'ledger.csv:2' in error, error


CASES = [(page, False), (numbers, False), (shares, False), (drawn, True),
         (beside_comparisons, True), (no_gnuplot, False),
         (odd_ledgers, False)]

if __name__ == '__main__':
    sys.exit(run_cases(CASES))
