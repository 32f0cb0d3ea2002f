# SPDX-License-Identifier: MIT
"""The report from outside: test_report.py WRITE_REPORT RUN.

Each case gets its own copy of the made-up run directory. Exit 0 when all
hold, 1 with what differed. Over 400 lines: the cases share one reader of the
page and one made-up run."""
import base64
import csv
import fcntl
import hashlib
import html.parser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as tree

PROGRAM, FIXTURE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
HAVE_GNUPLOT = shutil.which('gnuplot') is not None
VOID = {'meta', 'br', 'link', 'img', 'hr', 'wbr'}
HOSTILE = '<script>alert(1)</script>&"\'`date`\\'
OPTIONAL = ['comparisons.csv', 'summary.csv', 'trials.csv', 'memory.csv',
            'serial.csv', 'latency.csv', 'metrics.csv', 'exec.csv', 'meta.json',
            'certificate.csv', 'scaling.csv', 'counters.csv']


class Page(html.parser.HTMLParser):
    """Tags balance; ids, references, <data> by cell of the tables called."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.ids, self.references = [], [], []
        self.tables, self.map, self.text = {}, None, ''
        self.feed(text)
        self.close()
        assert not self.stack, f'open at the end: {self.stack}'

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if 'id' in attributes:
            self.ids.append(attributes['id'])
        for value in attributes.values():
            self.references += re.findall(r'url\(#([^)]*)\)', value or '')
        for name in ('href', 'xlink:href', 'src', 'action', 'data'):
            if name in attributes:
                target = attributes[name]
                assert target.startswith('#'), f'<{tag} {name}="{target}">'
                self.references.append(target[1:])
        if tag == 'table' and 'map' in attributes.get('class', ''):
            self.map = self.tables.setdefault(attributes['class'], [])
        if self.map is not None and tag == 'tr':
            self.map.append([])
        if self.map is not None and tag in ('td', 'th'):
            self.map[-1].append({'text': '', 'values': [], 'title':
                                 attributes.get('title', '')})
        if self.map is not None and tag == 'data':
            self.map[-1][-1]['values'].append([attributes['value'], ''])
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        assert self.stack and self.stack[-1] == tag, \
            f'</{tag}> closes {self.stack[-3:]} at {self.getpos()}'
        if tag == 'table':
            self.map = None
        self.stack.pop()

    def handle_data(self, data):
        self.text += data
        if self.map:
            cell = self.map[-1][-1] if self.map[-1] else None
            if cell:
                cell['text'] += data
                if 'data' in self.stack:
                    cell['values'][-1][1] += data


def write(run, expect=0, seconds=60, **environment):
    done = subprocess.run([PROGRAM, str(run), str(seconds)],
                          capture_output=True, text=True,
                          env={**os.environ, **environment})
    assert done.returncode == expect, \
        f'exit {done.returncode}, not {expect}: {done.stderr}'
    assert done.stdout == '', f'stdout: {done.stdout}'
    left = [p.name for p in pathlib.Path(run).glob('.plots-*')]
    assert not left, f'left behind: {left}'
    return done.stderr


def page_of(run):
    return (run / 'report.html').read_text(encoding='utf-8')


def rows_of(run, name='comparisons.csv'):
    with open(run / name, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def edit(run, name, change):
    """Rewrites a CSV file row by row; change returns the row or None."""
    rows = rows_of(run, name)
    head = list(rows[0])
    with open(run / name, 'w', newline='', encoding='utf-8') as file:
        out = csv.DictWriter(file, head, lineterminator='\n')
        out.writeheader()
        out.writerows(r for r in (change(dict(row)) for row in rows) if r)


def check_script(text):
    """There is one script, and the policy allows that one alone."""
    assert text.count('<script') == 1, 'scripts'
    script = text[text.index('<script>') + 8:text.index('</script>')]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest())
    assert "default-src 'none'" in text
    assert f"script-src 'sha256-{digest.decode()}'\"" in text


def check_page(text):
    page = Page(text)
    twice = {i for i in page.ids if page.ids.count(i) > 1}
    assert not twice, f'ids twice: {sorted(twice)[:5]}'
    lost = set(page.references) - set(page.ids)
    assert not lost, f'references to nothing: {sorted(lost)[:5]}'
    plain = re.sub(r'xmlns(:xlink)?="[^"]*"', '', text)
    for word in ('http://', 'https://', '@import', '<link', '<iframe',
                 'javascript:', 'fetch(', 'import('):
        assert word not in plain, f'{word} in the page'
    check_script(plain)
    assert not re.search(r'url\(\s*[\'"]?[^#\s)]', plain), 'outside url()'
    return page


def check_pictures(run, text):
    pictures = sorted((run / 'plots').glob('*.svg'))
    assert pictures, 'no pictures'
    for picture in pictures:
        root = tree.parse(picture).getroot()
        assert root.get('viewBox'), f'{picture.name} has no viewBox'
        assert root.findall('.//{*}text'), f'{picture.name} has no text'
    assert text.count('<svg') == len(pictures), 'pictures in the page'
    return pictures


def whole_page(run):
    assert write(run) == '', 'warning without cause'
    text = page_of(run)
    check_page(text)
    check_pictures(run, text)
    for section in ('answer', 'suite', 'heat', 'headline', 'forest',
                    'throughput', 'contention', 'latency', 'fairness', 'memory', 'certificate', 'serial', 'counters',
                    'programs', 'run', 'harness', 'failed', 'method', 'environment'):
        assert f'<section id="{section}">' in text, section
    assert 'class="alarm"' not in text
    assert 'Left out:' not in text
    assert str(run.parent) not in text, 'the page names a path'


def headline_numbers(run):
    """Every number of the headline table is the CSV's."""
    write(run)
    page = check_page(page_of(run))
    table = page.tables['map sort']
    variants = [c['text'].strip().removesuffix(' (A′)') for c in table[0][1:]]
    found = {(row[0]['text'], variant): cell for row in table[1:]
             for variant, cell in zip(variants, row[1:], strict=True)}
    wanted = [r for r in rows_of(run) if r['family'] == 'headline']
    assert len(wanted) == len(found) and wanted, (len(wanted), len(found))
    for row in wanted:
        check_map_cell(found[row['cell'], row['variant']], row)


def check_map_cell(cell, row):
    for name, (value, shown) in zip(('ratio', 'ci_low', 'ci_high'),
                                    cell['values'], strict=True):
        assert value == row[name], (row, name, value)
        assert shown == f'{float(row[name]):.3f}', (row, name, shown)
    assert cell['title'].startswith(row['verdict']), (row, cell['title'])


def suite_numbers(run):
    """Every number of the suite's table is the CSV's, and the rest of the file
    is folded below it."""
    rows = rows_of(run, 'summary.csv')
    rows.append({**next(r for r in rows if r['scope'] == 'suite'),
                 'placement': 'smt', 'n_cells': '1', 'ratio': '1.25'})
    with open(run / 'summary.csv', 'w', newline='', encoding='utf-8') as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
        out.writeheader()
        out.writerows(rows)
    write(run)
    text = page_of(run)
    table = check_page(text).tables['map suite sort']
    columns = [cell['text'].strip() for cell in table[0][1:]]
    found = {(column, row[0]['text'].removesuffix(' (A′)')): cell
             for row in table[1:]
             for column, cell in zip(columns, row[1:], strict=True)}
    wanted = [row for row in rows if row['scope'] == 'suite']
    assert len(columns) == 3 and columns[2].endswith(', smt1\xa0cell'), columns
    for row in wanted:
        column = (f"{row['threads']}\xa0thread"
                  f"{'s' if row['threads'] != '1' else ''}"
                  f"{', smt' if row['placement'] == 'smt' else ''}"
                  f"{row['n_cells']}\xa0cell"
                  f"{'s' if row['n_cells'] != '1' else ''}")
        check_map_cell(found.pop((column, row['variant'])), row)
    # One variant has a row of the last column.
    assert found and {c['text'].strip() for c in found.values()} == {'–'}, found
    part = text[text.index('<section id="suite">'):text.index('id="heat"')]
    for row in rows:
        if row['scope'] != 'suite':
            assert f'<data value="{row["ratio"]}">' in part, row
    assert part.count('<tr') == len(rows) - len(wanted) + 1 + len(table)


def redraw(run):
    """A figure redrawn by hand is the same figure."""
    write(run)
    for script in sorted((run / 'plots').glob('*.gp')):
        pictures = {p: p.read_bytes()
                    for p in run.glob(f'plots/{script.stem}-*.svg')}
        assert pictures, script.name
        for picture in pictures:
            picture.unlink()
        subprocess.run(['gnuplot', script.name], cwd=run / 'plots', check=True,
                       stderr=subprocess.PIPE)
        for picture, before in pictures.items():
            assert picture.read_bytes() == before, picture.name


def hostile_texts(run):
    for name in ('comparisons.csv', 'trials.csv', 'metrics.csv', 'plan.csv',
                 'latency.csv'):
        edit(run, name, lambda row: {**row, 'cell': row['cell'].replace(
            'pair,size=64', HOSTILE.replace('/', '|'))})
    edit(run, 'comparisons.csv', lambda row: {
        **row, 'variant': row['variant'].replace('slot', HOSTILE),
        'verdict': row['verdict'].replace('faster', HOSTILE)})
    for name in ('trials.csv', 'memory.csv', 'serial.csv', 'exec.csv',
                 'latency.csv', 'summary.csv'):
        edit(run, name, lambda row: {
            **row, 'variant': row['variant'].replace('atomic', HOSTILE)})
    edit(run, 'summary.csv', lambda row: {
        **row, 'name': row['name'].replace('pair', HOSTILE)})
    edit(run, 'memory.csv', lambda row: {
        **row, 'allocator': row['allocator'].replace('jemalloc', HOSTILE)})
    edit(run, 'exec.csv', lambda row: {**row, 'command': HOSTILE})
    (run / 'meta.json').write_text('{"hostname": "<script>", "<b>": "<i>"}')
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    check_pictures(run, text)
    assert '&lt;script&gt;alert(1)' in text
    assert '<b>"' not in text and '&lt;i&gt;' in text


def missing_files(run):
    for name in OPTIONAL:
        (run / name).rename(run / 'away')
        assert write(run) == '', name
        text = page_of(run)
        check_page(text)
        assert f'no <code>{name}</code>' in text, name
        (run / 'away').rename(run / name)
    for name in OPTIONAL + ['plan.csv']:
        if name != 'comparisons.csv':
            (run / name).unlink()
    assert write(run) == ''
    check_page(page_of(run))


def header_lines_only(run):
    """A run that was stopped before its first row."""
    for path in run.glob('*.csv'):
        path.write_text(path.read_text().split('\n')[0] + '\n')
    assert write(run) == ''
    check_page(page_of(run))


def no_gnuplot(run):
    warning = write(run, PATH='/nonexistent')
    assert warning.count('\n') == 1 and 'gnuplot' in warning, warning
    text = page_of(run)
    check_page(text)
    assert '<svg' not in text
    # The numbers of nine figures, and the headline cells.
    assert text.count('<details open>') == 9, text.count('<details open>')
    assert 'gnuplot is not on the PATH' in text
    assert (run / 'plots' / 'forest.gp').exists()


def fake_gnuplot(run, script):
    """A PATH on which gnuplot is that shell script."""
    tools = run.parent / 'tools'
    tools.mkdir(exist_ok=True)
    (tools / 'gnuplot').write_text('#!/bin/sh\n' + script)
    (tools / 'gnuplot').chmod(0o755)
    return f'{tools}:/usr/bin:/bin'


def failing_gnuplot(run):
    for script, said in (('echo "line 0: no" >&2\nexit 1\n', 'line 0: no'),
                         ('kill -XFSZ $$\n', 'ended by signal 25')):
        warning = write(run, PATH=fake_gnuplot(run, script))
        assert said in warning and warning.count('\n') == 1, warning
        check_page(page_of(run))


def hanging_gnuplot(run):
    """Neither it nor what it started is left; the page is written once."""
    pid = run.parent / 'pid'
    for script in ('touch forest-01.svg; sleep 1000 & echo $! >{}; wait\n',
                   'exec 2>&-; sleep 1000 & echo $! >{}; wait\n',
                   'sleep 3 & exit 0 # {}\n'):
        path = fake_gnuplot(run, script.format(pid))
        warning = write(run, seconds=1, PATH=path)
        if 'exit 0' in script:
            # It has ended; what it has started holds the pipe, and nobody up.
            assert warning == '', warning
            continue
        assert warning.count('\n') == 1, warning
        assert 'no end within 1 s, and was killed' in warning, warning
        text = page_of(run)
        check_page(text)
        assert '<svg' not in text and 'no end within 1 s' in text
        assert not (run / 'plots' / 'forest-01.svg').exists()
        for _ in range(200):
            if not os.path.exists(f'/proc/{int(pid.read_text())}'):
                break
            time.sleep(0.01)
        else:
            raise AssertionError('what gnuplot started still runs')


def reports_at_once(run):
    """Each has a folder of its own, and takes away only what nobody uses."""
    held, stale = run / '.plots-held', run / '.plots-stale'
    for folder in (held, stale):
        folder.mkdir()
        (folder / 'forest.gp').write_text('')
    path = fake_gnuplot(run, 'sleep 0.05\nexit 1\n')
    lock = os.open(held, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    reports = [subprocess.Popen([PROGRAM, str(run)], stderr=subprocess.PIPE,
                                text=True, env={**os.environ, 'PATH': path})
               for _ in range(4)]
    for report in reports:
        said = report.communicate()[1]
        assert report.returncode == 0, said
    assert held.exists() and (held / 'forest.gp').exists()
    assert not stale.exists()
    os.close(lock)
    check_page(page_of(run))
    write(run, PATH=path)  # which sees that no such folder is left


def cannot_write(run):
    (run / 'plots').write_text('a file')
    error = write(run, expect=1)
    assert error.count('\n') == 1 and 'plots' in error, error
    assert not (run / 'report.html').exists()
    (run / 'plots').unlink()
    (run / 'report.html').mkdir()
    error = write(run, expect=1)
    assert error.count('\n') == 1 and 'report.html' in error, error
    (run / 'report.html').rmdir()
    if os.geteuid() != 0:
        run.chmod(0o555)
        error = write(run, expect=1)
        run.chmod(0o755)
        assert error.count('\n') == 1 and str(run) in error, error


def no_run(run):
    for path in run.iterdir():
        path.unlink()
    error = write(run, expect=1)
    assert error.count('\n') == 1 and 'no run directory' in error, error
    error = write(run / 'nowhere', expect=1)
    assert error.count('\n') == 1 and 'nowhere' in error, error


def damaged_files(run):
    """The old report stays when the new one cannot be made."""
    write(run)
    before = page_of(run)
    for name in ('comparisons.csv', 'summary.csv', 'trials.csv', 'memory.csv',
                 'meta.json'):
        good = (run / name).read_text()
        lines = good.split('\n')
        lines[1] = '"' if name == 'meta.json' else 'one,two'
        (run / name).write_text('\n'.join(lines))
        error = write(run, expect=1)
        assert error.count('\n') == 1 and f'{name}:2' in error, error
        assert page_of(run) == before, name
        (run / name).write_text(good)


def noisy_instrument(run):
    edit(run, 'comparisons.csv', lambda row: {
        **row, 'verdict': 'slower' if row['variant'] == 'again' and
        row['cell'] == 'pair,size=64/system/t2' else row['verdict']})
    write(run)
    text = page_of(run)
    check_page(text)
    alarm = text.index('class="alarm"')
    assert alarm < text.index('id="answer"'), 'the alarm is not at the top'
    assert 'in 1 of 8' in text[alarm:alarm + 400]


def further_variants(run):
    """Variants that plots/ has never heard of, more than it has colours."""
    rows = rows_of(run)
    with open(run / 'comparisons.csv', 'a', newline='') as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
        for row in rows:
            if row['variant'] == 'tls':
                for number in range(9):
                    out.writerow({**row, 'variant': f'scheme{number}'})
    for name in ('trials.csv', 'memory.csv'):
        edit(run, name, lambda row: {
            **row, 'variant': row['variant'].replace('slot', 'scheme3')})
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    pictures = ''.join(p.read_text() for p in check_pictures(run, text))
    for number in range(9):
        assert f'scheme{number}<' in pictures, number
        assert f'>scheme{number}</span>' in text, number


def words(run):
    """Not significant is never called the same."""
    edit(run, 'comparisons.csv', lambda row: {**row,
                                              'verdict': 'inconclusive'})
    write(run)
    text = page_of(run)
    answer = text[text.index('id="answer"'):text.index('id="suite"')]
    answer = re.sub(r'<[^>]*>', ' ', answer)
    assert not re.search(r'\b(same|identical|no difference)\b', answer)
    assert 'open' in answer and 'slower' not in answer


def relay_table(run):
    """What is a cell's stands beside what is a lane's."""
    write(run)
    text = page_of(run)
    table = text[text.index('In the relay and alone, cell by cell'):]
    lines = table[:table.index('</table>')].split('<tr>')[2:]
    values = [re.findall(r'<data value="([^"]*)"', line) for line in lines]
    assert len(values) == 16, len(values)
    assert all(line[2:5] == ['11000', '47000', '7'] for line in values), values


def old_pictures(run):
    (run / 'plots').mkdir()
    (run / 'plots' / 'forest-05.svg').write_text('old')
    (run / 'plots' / 'mine.svg').write_text('mine')
    write(run)
    assert not (run / 'plots' / 'forest-05.svg').exists()
    assert (run / 'plots' / 'mine.svg').exists()


CASES = [(whole_page, True), (headline_numbers, False),
         (suite_numbers, False), (redraw, True),
         (hostile_texts, True), (missing_files, False),
         (header_lines_only, False), (no_gnuplot, False),
         (failing_gnuplot, False), (hanging_gnuplot, False),
         (reports_at_once, False), (cannot_write, False), (no_run, False),
         (damaged_files, False), (noisy_instrument, False),
         (further_variants, True), (words, False), (relay_table, False),
         (old_pictures, False)]


def run_cases(cases):
    """Each on its own copy of the run; 1 where one failed."""
    failed = 0
    for case, draws in cases:
        if draws and not HAVE_GNUPLOT:
            print(f'skip {case.__name__}: no gnuplot')
            continue
        with tempfile.TemporaryDirectory() as directory:
            run = pathlib.Path(directory) / 'run'
            shutil.copytree(FIXTURE, run)
            try:
                case(run)
                print(f'ok   {case.__name__}')
            except (AssertionError, OSError, KeyError, ValueError,
                    tree.ParseError, subprocess.CalledProcessError) as error:
                failed += 1
                print(f'FAIL {case.__name__}: {error!r}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(run_cases(CASES))
