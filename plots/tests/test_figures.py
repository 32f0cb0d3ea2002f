# SPDX-License-Identifier: MIT
"""The numbers of the heat map, the contention figure and the run chart,
reckoned again from the CSV files: test_figures.py WRITE_REPORT RUN.

Over 400 lines: the figures share one run and one reader of its page."""
import collections
import csv
import html.parser
import json
import math
import re
import statistics
import sys

from test_report import (HAVE_GNUPLOT, check_page, check_pictures, edit,
                         page_of, rows_of, run_cases, write)


class Tables(html.parser.HTMLParser):
    """Every table as its class, head and rows; a cell is the value of its
    first <data>, else its text."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.cell = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == 'table':
            self.tables.append((attributes['class'], []))
        elif tag == 'tr':
            self.tables[-1][1].append([])
        elif tag in ('td', 'th'):
            self.cell = ['', None]
        elif tag == 'data' and self.cell and self.cell[1] is None:
            self.cell[1] = attributes['value']

    def handle_data(self, data):
        if self.cell:
            self.cell[0] += data

    def handle_endtag(self, tag):
        if tag in ('td', 'th'):
            text, value = self.cell
            self.tables[-1][1][-1].append(
                text.strip() if value is None else value)
            self.cell = None


def table_of(text, section, kind):
    """The rows of a section's first table of a class, as dicts by its head."""
    part = text[text.index(f'<section id="{section}">'):]
    part = part[:part.index('</section>')]
    for name, (head, *rows) in Tables(part).tables:
        if name == kind:
            head = [h.removesuffix(' (A′)') for h in head]
            return [dict(zip(head, row, strict=True)) for row in rows]
    raise AssertionError(f'no table {kind} in {section}')


def close(a, b, digits=1e-6):
    assert math.isclose(float(a), float(b), rel_tol=digits), (a, b)


def split(cell):
    workload, allocator, threads = cell.rsplit('/', 2)
    return workload, allocator, int(threads[1:])


def heat(run):
    write(run)
    cells = collections.defaultdict(list)
    rows = [r for r in rows_of(run) if r['family'] == 'headline'
            and r['variant'] not in ('plain', 'null')]
    most = collections.Counter()
    for row in rows:
        workload, _, threads = split(row['cell'])
        most[workload] = max(most[workload], threads)
    for row in rows:
        workload, _, threads = split(row['cell'])
        if threads == most[workload]:
            cells[workload, row['variant']].append(float(row['ratio']))
    shown = table_of(page_of(run), 'heat', 'heat sort')
    assert [r['workload'] for r in shown] == sorted(most)
    for row in shown:
        assert int(row['threads']) == most[row['workload']]
        for variant in ('again', 'slot', 'global', 'atomic', 'tls'):
            ratios = cells.pop((row['workload'], variant))
            close(row[variant], statistics.geometric_mean(ratios))
            assert int(row['cells']) == len(ratios)
    assert not cells, cells


def launches_of(run):
    """Per launch: rows, and of what is kept ns and ratios by variant."""
    groups = collections.defaultdict(list)
    for row in rows_of(run, 'trials.csv'):
        groups[row['cell'], row['launch']].append(row)
    result = {}
    for key, rows in groups.items():
        out = {r['round'] for r in rows if r['excluded'] == '1'}
        ns = collections.defaultdict(dict)
        for row in rows:
            if row['round'] not in out and row['status'] == 'ok':
                ns[row['variant']][row['round']] = float(row['ns_per_op'])
        failed = [r['status'] for r in rows if r['status'] != 'ok']
        if failed:
            ns.clear()
        result[key] = {
            'start': min(int(r['t_start_unix_ns']) for r in rows),
            'rounds': len({r['round'] for r in rows}), 'out': len(out),
            'status': failed[0] if failed else 'ok',
            'ns': {v: statistics.median(n.values()) for v, n in ns.items()},
            'ratio': {v: math.exp(statistics.median(
                math.log(n[i] / ns['none'][i]) for i in n))
                for v, n in ns.items()}}
    return result


def check_launches(run):
    expected = launches_of(run)
    shown = table_of(page_of(run), 'run', 'launches sort')
    order = sorted(expected, key=lambda key: expected[key]['start'])
    assert [(r['cell'], r['launch']) for r in shown] == order
    for row in shown:
        launch = expected[row['cell'], row['launch']]
        assert int(row['rounds']) == launch['rounds']
        assert int(row['left out']) == launch['out'], row
        assert row['status'] == launch['status']
        if not launch['ns']:
            assert row['tls'] == row['baseline, ns/op'] == '–'
            continue
        close(row['baseline, ns/op'], launch['ns']['none'], 1e-3)
        for variant in ('again', 'slot', 'global', 'atomic', 'tls'):
            if variant in launch['ratio']:
                close(row[variant], launch['ratio'][variant], 1e-4)
    return shown


def more_rounds(run):
    """The made-up run has one round a launch; five, each a little other."""
    rows = rows_of(run, 'trials.csv')
    with open(run / 'trials.csv', 'a', newline='') as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
        for number in range(1, 5):
            for place, row in enumerate(rows):
                ns = float(row['ns_per_op']) * (1 + place * number % 13 / 100)
                out.writerow({**row, 'round': number, 'ns_per_op': ns})


def launches(run):
    more_rounds(run)
    write(run)
    shown = check_launches(run)
    assert len(shown) > 3
    minutes = [float(row['minute']) for row in shown]
    assert minutes == sorted(minutes) and minutes[0] == 0


def troubled_launches(run):
    """Left-out rounds, a failed launch, a pause of an hour, rows in another
    order: the same numbers."""
    more_rounds(run)
    trials = rows_of(run, 'trials.csv')
    first, last = trials[0]['cell'], trials[-1]['cell']
    assert first != last

    def trouble(row):
        if row['cell'] == first and row['round'] == '1':
            row |= {'excluded': '1', 'exclude_reason': 'stolen'}
        if row['cell'] == last and row['launch'] == '0' and \
                row['variant'] == 'tls' and row['round'] == '0':
            row |= {'status': 'crashed', 'exclude_reason': 'signal 11'}
        if row['cell'] == last:
            start = int(row['t_start_unix_ns']) + 3600 * 10**9
            row['t_start_unix_ns'] = str(start)
        return row
    edit(run, 'trials.csv', trouble)
    rows = rows_of(run, 'trials.csv')
    with open(run / 'trials.csv', 'w', newline='') as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
        out.writeheader()
        out.writerows(rows[::2] + rows[1::2])
    assert write(run) == ''
    shown = check_launches(run)
    text = page_of(run)
    check_page(text)
    assert any(row['status'] == 'crashed' for row in shown)
    assert any(int(row['left out']) for row in shown)
    assert float(shown[-1]['minute']) < 60, 'the pause is shortened'
    failed = sum(row['status'] != 'ok' for row in shown)
    assert f'; {failed} failed.' in text
    if HAVE_GNUPLOT:
        assert '>pause<' in (run / 'plots' / 'run-01.svg').read_text()


def contention(run):
    write(run)
    by_cell = collections.defaultdict(list)
    for (cell, _), launch in launches_of(run).items():
        for variant, ns in launch['ns'].items():
            by_cell[cell, variant].append(ns)
    ratio = {(r['cell'], r['variant']): float(r['ratio'])
             for r in rows_of(run) if r['baseline'] == 'none'}
    shown = table_of(page_of(run), 'contention', 'sort')
    assert shown
    for row in shown:
        workload, allocator, threads = split(row['cell'])
        one = f'{workload}/{allocator}/t1'
        slowdown = statistics.median(by_cell[row['cell'], row['variant'].
                                             removesuffix(' (A′)')]) / \
            statistics.median(by_cell[one, row['variant'].
                                      removesuffix(' (A′)')])
        close(row['slowdown'], slowdown, 1e-5)
        close(row['ideal slowdown'], 1 / threads)
        variant = row['variant'].removesuffix(' (A′)')
        if variant == 'none':
            close(row['due to the serial'], 1)
        elif (one, variant) in ratio and (row['cell'], variant) in ratio:
            close(row['due to the serial'], ratio[row['cell'], variant] /
                  ratio[one, variant])


def sentence(run):
    """The first thing on the page is what the verdicts say."""
    write(run)
    title = re.search('<h1>(.*?)</h1>', page_of(run), re.S)[1]
    title = re.sub('<[^>]*>', '', title).replace('&nbsp;', ' ')
    rows = [r for r in rows_of(run) if r['family'] == 'headline'
            and r['cell'].endswith('/t2')]
    for variant in ('global', 'atomic', 'tls'):
        mine = [r for r in rows if r['variant'] == variant]
        slower = [float(r['ratio']) for r in mine if r['verdict'] == 'slower']
        count = 'none of' if not slower else 'all' if \
            len(slower) == len(mine) else f'{len(slower)} of'
        part = f'in {count} {len(mine)}( cells)? from {variant}'
        if slower:
            part += re.escape(f' (up to {max(slower):.2f}×)')
        assert re.search(part, title), (part, title)
    edit(run, 'comparisons.csv', lambda row: {**row, 'verdict': 'equivalent'})
    write(run)
    assert re.search('in none of 4 cells from <b>global</b>, in none of 4 '
                     'from <b>atomic</b> and', page_of(run))


def many_workloads(run):
    """Over a hundred headline cells: folded but for the key workloads."""
    names = [f'fleet,profile={i}' for i in range(28)]
    for name in ('comparisons.csv', 'trials.csv', 'plan.csv', 'metrics.csv'):
        rows, count = rows_of(run, name), 1000
        with open(run / name, 'a', newline='') as file:
            out = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
            for row in rows:
                if row['cell'].startswith('pair,size=64/'):
                    for new in names:
                        count += 1
                        more = {'order': count} if 'order' in row else {}
                        out.writerow({**row, **more, 'cell': row[
                            'cell'].replace('pair,size=64', new)})
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    check_pictures(run, text)
    forest = text[text.index('id="forest"'):text.index('id="throughput"')]
    forest = forest[:forest.index('<figcaption>')]
    opened = re.findall('<details class="figures" open><summary><code>(.*?)<',
                        forest)
    assert opened == ['larson,bleeding=0', 'pair,size=64'], opened
    assert forest.count('<details class="figures"><summary>') == 28
    assert re.search('</code><span class="tallied">\\d+ slower', forest)
    headline = text[text.index('id="headline"'):text.index('id="forest"')]
    assert '<details><summary>All 120 headline cells' in headline
    assert len(text) < 6e6, len(text)


def wilson(found, n, z=statistics.NormalDist().inv_cdf(0.975)):
    """The two shares that a test of `found` of n just does not refuse."""
    a, b, c = n + z * z, -(2 * found + z * z), found * found / n
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def power(run):
    """The curve is the experiments', counted again."""
    write(run)
    counts = collections.Counter()
    for row in rows_of(run, 'certificate.csv'):
        if row['kind'] not in ('aa', 'planted') or row['busy'] != '0':
            continue
        key = int(row['threads']), round(100 * float(row['planted']))
        above, below = float(row['ci_low']) > 1, float(row['ci_high']) < 1
        counts[key, 'all'] += 1
        counts[key, 'found'] += above or (below and row['kind'] == 'aa')
    shown = table_of(page_of(run), 'certificate', 'power sort')
    keys = [(int(r['threads']), round(float(r['planted %']))) for r in shown]
    assert keys == [(t, p) for t in (1, 2) for p in (0, 1, 2, 5, 10)], keys
    for key, row in zip(keys, shown, strict=True):
        found, n = counts[key, 'found'], counts[key, 'all']
        assert (int(row['found']), int(row['experiments'])) == (found, n), row
        close(row['%'], 100 * found / n)
        for name, share in zip(('from', 'to'), wilson(found, n)):
            assert abs(float(row[name]) - 100 * share) < 1e-6, (row, share)
    drawn = [line.split('\t') for line in
             (run / 'plots/power.dat').read_text().splitlines()
             if line and line[0] != '#']
    for line, row in zip(drawn, shown, strict=True):
        close(line[1], row['%'], 1e-4)
        assert [line[4], line[5], line[6]] == \
            [row['found'], row['experiments'], row['threads']], (line, row)
    # The record's own counts, which the page shows beside, are the same.
    for curve in meta_of(run)['certificate']['slowdowns']:
        for size in curve['sizes']:
            key = curve['threads'], round(100 * size['planted'])
            assert size['found'] == counts[key, 'found'], (key, size)


def meta_of(run):
    return json.loads((run / 'meta.json').read_text())


def layout(run):
    write(run)
    text = page_of(run)
    text = text[text.index('<section id="certificate">'):]
    orders = {(r['threads'], r['link_order'] or 'all'): r for r in
              rows_of(run, 'certificate.csv') if r['kind'] == 'layout_all'}
    text = text[:text.index('<p>An effect below')]
    head, *shown = Tables(text).tables[-1][1]
    assert len(shown) == len(orders) == 8
    for row in (dict(zip(head, r, strict=True)) for r in shown):
        known = orders[row['threads'], row['link order']]
        for mine, its in (('A′ over the baseline', 'ratio'),
                          ('from', 'ci_low'), ('to', 'ci_high'),
                          ('launches', 'launches')):
            close(row[mine], known[its])


def no_certificate(run):
    meta = meta_of(run)
    meta['certificate'], meta['certificate_why'] = None, 'made <b>without</b>'
    (run / 'meta.json').write_text(json.dumps(meta))
    assert write(run) == ''
    text = page_of(run)
    check_page(text)
    assert 'made &lt;b&gt;without&lt;/b&gt;' in text
    assert not (run / 'plots' / 'power.gp').exists()


def fairness(run):
    write(run)
    values = {(r['metric'], r['cell'], r['variant']): r['value']
              for r in rows_of(run, 'metrics.csv')}
    shown = table_of(page_of(run), 'fairness', 'cells sort')
    for row in shown:
        for column, metric in (('unevenness', 'unevenness'),
                               ('from', 'unevenness_low'),
                               ('to', 'unevenness_high')):
            variant = row['variant'].removesuffix(' (A′)')
            assert row[column] == values.pop((metric, row['cell'], variant))
    assert not [key for key in values if key[0].startswith('unevenness')]
    for row in table_of(page_of(run), 'fairness', 'variants sort'):
        mine = {r['cell']: float(r['unevenness']) for r in shown
                if r['variant'] == row['variant']}
        assert int(row['cells']) == len(mine) == 2, row
        close(row['median'], statistics.median(mine.values()))
        close(row['greatest'], mine[row['in']])
        close(row['greatest'], max(mine.values()))


def latency(run):
    """Every percentile of latency.csv stands in the table, what is empty is
    a dash, and each panel of the figure has the numbers of its variants."""
    write(run)
    columns = {'50': 'p50', '90': 'p90', '99': 'p99', '99.9': 'p99.9',
               '99.99': 'p99.99', '100': 'longest'}
    shown = {(r['cell'], r['loop'], r['operation'],
              r['variant'].removesuffix(' (A′)')): r
             for r in table_of(page_of(run), 'latency', 'sort')}
    wanted = collections.defaultdict(dict)
    for row in rows_of(run, 'latency.csv'):
        wanted[row['cell'], row['loop'], row['operation'],
               row['variant']][row['percentile']] = row
    assert sorted(shown) == sorted(wanted) and len(shown) == 24
    for key, rows in wanted.items():
        for percentile, name in columns.items():
            cell = shown[key][name + ', ns']
            if percentile in rows:
                close(cell, rows[percentile]['ns'])
            else:
                assert cell == '–', (key, name, cell)
        assert (shown[key]['period, ns'] == '–') == (key[1] == 'closed')
        for percentile in {'50', '99', '99.99'} & set(rows):
            name, row = columns[percentile], rows[percentile]
            close(shown[key][name + ' ratio'], row['ratio'])
            for end in ('from', 'to'):
                bound = row['ratio_low' if end == 'from' else 'ratio_high']
                cell = shown[key][f'{name} {end}']
                if bound:
                    close(cell, bound)
                else:
                    assert cell == '–', (key, name, cell)
    drawn = (run / 'plots' / 'latency.dat').read_text().split('\n\n\n')
    assert len([block for block in drawn if block.strip()]) == 6
    for block in drawn[:6]:
        lines = [line.split('\t') for line in block.split('\n')
                 if line and not line.startswith('#')]
        assert len(lines) == 4 * 6, lines
        for _, ns, low, high, point, variant, cell, loop, operation in lines:
            key = [text.strip("'") for text in (cell, loop, operation,
                                                variant)]
            number = {'max': '100'}.get(point, point)
            row = wanted[tuple(key)].get(number)
            assert (row is None) == (ns == 'NaN'), (key, point, ns)
            if row:
                close(ns, row['ns'], 1e-5)
                assert (low == 'NaN') == (row['ci_low'] == ''), row
                assert high == 'NaN' or float(low) <= float(ns) <= float(high)


def scaling(run):
    """The law's table has what was estimated; each reason for the rest stands
    once, with how many rows have it. Empty is never 0."""
    write(run)
    text = page_of(run)
    rows = rows_of(run, 'scaling.csv')
    part = text[text.index('id="contention"'):text.index('id="latency"')]
    law = part[part.index('Universal Scalability Law'):]
    head, *shown = Tables(law).tables[0][1]
    wanted = [row for row in rows if row['status'] == 'estimated']
    assert len(shown) == len(wanted) == 2
    for got, row in zip(shown, wanted):
        got = dict(zip(head, got, strict=True))
        assert got['cells'] == row['cells'] and got['variant'] == row['variant']
        close(got['α'], row['alpha'])
        close(got['β to'], row['beta_high'])
    assert dict(zip(head, shown[1]))['threads of the peak'] == '–'
    reasons = re.findall('<p class="missing">(not estimable.*?)</p>', law)
    assert [re.sub('<.*?>', '', reason) for reason in reasons] == [
        'not estimable: 2 thread counts, six needed (2 of 5 rows of '
        'scaling.csv).',
        'not estimable: 1 thread count, six needed (1 of 5 rows of '
        'scaling.csv).'], reasons
    edit(run, 'scaling.csv',
         lambda row: row if row['status'] != 'estimated' else None)
    write(run)
    law = page_of(run)
    law = law[law.index('Universal Scalability Law'):law.index('id="latency"')]
    assert '<table' not in law and law.count('class="missing"') == 2


def counters(run):
    """Counts per operation; what was not counted is a dash, and a run without
    counters says why and shows no table."""
    write(run)
    text = page_of(run)
    wanted = [row for row in rows_of(run, 'counters.csv')
              if row['status'] == 'counted']
    shown = table_of(text, 'counters', 'sort')
    assert len(shown) == len(wanted) == 6
    for got, row in zip(shown, wanted):
        close(got['cycles/op'], float(row['cycles']) / float(row['ops']))
        close(got['L1 load misses/op'],
              float(row['l1d_load_misses']) / float(row['ops']))
        assert got['cache misses/op'] == '–', got
    assert '1 of 7 rows are empty: not counted in all threads.' in text
    why = ('perf_event_open: ENOENT (No such file or directory); '
           'perf_event_paranoid is 2')
    edit(run, 'counters.csv', lambda row: {
        **row, 'ops': '', 'cycles': '', 'instructions': '',
        'l1d_load_misses': '', 'status': why})
    write(run)
    text = page_of(run)
    part = text[text.index('<section id="counters">'):]
    part = part[:part.index('</section>')]
    assert f'7 of 7 rows are empty: {why}.' in part, part
    assert '<table' not in part


CASES = [(counters, False), (scaling, False), (latency, False),
         (power, False), (layout, False), (no_certificate, False),
         (fairness, False), (heat, False), (launches, False), (troubled_launches, False),
         (contention, False), (sentence, False), (many_workloads, True)]

if __name__ == '__main__':
    sys.exit(run_cases(CASES))
