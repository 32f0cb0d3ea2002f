# SPDX-License-Identifier: MIT
"""The page in a browser: test_page.py WRITE_REPORT RUN. Skips (77) where there
is no Chromium."""
import base64
import pathlib
import shutil
import sys
import tempfile

import chromium
from test_ledger import alone
from test_report import FIXTURE, rows_of, write

# All that a reader may open.
OPEN_ALL = '''document.querySelectorAll('details').forEach(d => d.open = true)'''
CONTRAST = '''(() => {
    const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 :
        ((c + 0.055) / 1.055) ** 2.4;
    const light = text => { const c = text.match(/[\\d.]+/g).map(Number);
        return c[3] === 0 ? null : 0.2126 * channel(c[0]) +
            0.7152 * channel(c[1]) + 0.0722 * channel(c[2]); };
    const behind = e => e ? light(getComputedStyle(e).backgroundColor) ??
        behind(e.parentElement) : 1;
    return [...document.querySelectorAll('h1, p, td, th, figcaption, .redraw, .mark')]
        .filter(e => !e.closest('.grey, .none') && e.textContent &&
            e.checkVisibility())
        .map(e => { const a = light(getComputedStyle(e).color), b = behind(e);
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
                e.className + ' ' + e.textContent.slice(0, 30)]; })
        .sort((x, y) => x[0] - y[0])[0];
})()'''


def events(browser, *methods):
    return [e for e in browser.events if e['method'] in methods]


def is_quiet(browser, page):
    said = events(browser, 'Runtime.consoleAPICalled', 'Log.entryAdded',
                  'Runtime.exceptionThrown')
    assert not said, said
    asked = [e['params']['request']['url']
             for e in events(browser, 'Network.requestWillBeSent')]
    assert asked == [page.resolve().as_uri()], asked


def fits(browser, page):
    for width in (390, 1600):
        for scheme in ('light', 'dark'):
            browser.resize(width)
            browser.media(scheme=scheme)
            browser.open(page)
            for state in ('folded', 'open'):
                wide, room = browser.evaluate(
                    '(e => [e.scrollWidth, e.clientWidth])'
                    '(document.documentElement)')
                assert wide <= room, (width, scheme, state, wide, room)
                browser.evaluate(OPEN_ALL)
            is_quiet(browser, page)


def is_legible(browser, page):
    browser.resize(1600)
    for scheme in ('light', 'dark'):
        browser.media(scheme=scheme)
        browser.open(page)
        browser.evaluate(OPEN_ALL)
        least, what = browser.evaluate(CONTRAST)
        assert least >= 4.5, (scheme, least, what)
    dark = browser.evaluate('getComputedStyle(document.body).backgroundColor')
    assert dark != 'rgb(253, 253, 252)', dark


def column(browser, table, index):
    """What a column shows, as numbers where it has them; null for none."""
    return browser.evaluate(f'''[...document.querySelectorAll('{table} tbody tr')]
        .map(row => row.cells[{index}]).map(cell => {{
            const data = cell.querySelector('data');
            const text = cell.textContent.trim();
            return text === '–' ? null : data ? Number(data.value) :
                isNaN(text) ? text : Number(text); }})''')


def sorts_by_keyboard(browser, page):
    browser.open(page)
    table = '#headline .map'
    head = f"document.querySelector('{table} thead').rows[0].cells[3]"
    before = column(browser, table, 3)
    assert before != sorted(before), 'the table is in order as it is'
    browser.evaluate(f"{head}.querySelector('button').focus()")
    for state, expected in (('ascending', sorted(before)),
                            ('descending', sorted(before, reverse=True)),
                            ('none', before)):
        browser.press('Enter')
        assert browser.evaluate(f'{head}.ariaSort') == state
        assert column(browser, table, 3) == expected, state
    browser.press('Tab')
    focus = browser.evaluate('document.activeElement.closest("th").cellIndex')
    assert focus == 4, focus


def sorts_every_table(browser, page):
    browser.open(page)
    count = browser.evaluate('''[...document.querySelectorAll('table.sort')]
        .map((table, i) => table.id = 'table-' + i).length''')
    assert count > 8, count
    for number in range(count):
        table = f'#table-{number}'
        heads = browser.evaluate(
            f"document.querySelector('{table} thead').rows[0].cells.length")
        for index in range(heads):
            browser.evaluate(f"document.querySelector('{table} thead').rows[0]"
                             f".cells[{index}].querySelector('button').click()")
            shown = column(browser, table, index)
            known = [s for s in shown if s is not None]
            assert None not in shown[:len(known)], (table, index, shown)
            if all(isinstance(s, (int, float)) for s in known):
                assert known == sorted(known), (table, index, known)
        states = browser.evaluate(f'''[...document.querySelectorAll(
            '{table} th[aria-sort]:not([aria-sort=none])')].length''')
        assert states == 1, (table, states)


def shows_the_numbers(browser, page):
    """What stands in the headline table in the browser is the CSV's."""
    browser.open(page)
    shown = browser.evaluate('''[...document.querySelectorAll('#headline .map td')]
        .map(cell => [...cell.querySelectorAll('data')].map(d => d.value))
        .filter(values => values.length)''')
    rows = [[r['ratio'], r['ci_low'], r['ci_high']]
            for r in rows_of(page.parent) if r['family'] == 'headline']
    assert sorted(shown) == sorted(rows) and rows


def shows_the_suite(browser, page):
    """And what stands in the suite's, which a phone shows without scrolling."""
    browser.resize(390)
    browser.open(page)
    shown = browser.evaluate('''[...document.querySelectorAll('#suite .map td')]
        .map(cell => [...cell.querySelectorAll('data')].map(d => d.value))''')
    rows = [[r['ratio'], r['ci_low'], r['ci_high']]
            for r in rows_of(page.parent, 'summary.csv')
            if r['scope'] == 'suite']
    assert sorted(shown) == sorted(rows) and rows
    wide, room = browser.evaluate(
        '(e => [e.scrollWidth, e.clientWidth])'
        "(document.querySelector('#suite .scroll'))")
    assert wide <= room, (wide, room)


def shows_the_certificate(browser, page):
    """How often each planted slowdown was found, by the experiments."""
    browser.open(page)
    found = {}
    for row in rows_of(page.parent, 'certificate.csv'):
        if row['kind'] == 'planted':
            key = int(row['threads']), float(row['planted'])
            found[key] = found.get(key, 0) + (float(row['ci_low']) > 1)
    columns = [column(browser, '#certificate .power', i) for i in range(3)]
    shown = {(threads, planted / 100): count
             for threads, planted, count in zip(*columns) if planted}
    assert shown == found and len(found) == 8, (shown, found)


def reads_without_script(browser, page):
    browser.open(page)
    rows = browser.evaluate("document.querySelectorAll('tr').length")
    browser.call('Emulation.setScriptExecutionDisabled', value=True)
    browser.open(page)
    root = browser.call('DOM.getDocument', depth=0)['root']['nodeId']
    text = browser.call('DOM.getOuterHTML', nodeId=root)['outerHTML']
    browser.call('Emulation.setScriptExecutionDisabled', value=False)
    assert text.count('<button') == 0
    assert text.count('<tr') == rows, (text.count('<tr'), rows)


def prints(browser, page):
    browser.resize(1600)
    browser.media('print', 'dark')
    browser.open(page)
    style = 'getComputedStyle(document.{}).{}'
    assert browser.evaluate(
        style.format('querySelector("nav")', 'display')) == 'none'
    ink = browser.evaluate(style.format('body', 'color'))
    assert ink == 'rgb(21, 25, 30)', f'dark ink on paper: {ink}'
    adjust = browser.evaluate(
        style.format('querySelector(".heat .hs5, .heat .hs4")',
                     'printColorAdjust'))
    assert adjust == 'exact', adjust
    folded = "document.querySelectorAll('details.figures:not([open])').length"
    browser.evaluate('''document.body.insertAdjacentHTML('beforeend',
        '<details class="figures"><summary>x</summary></details>')''')
    assert browser.evaluate(folded) == 1
    browser.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert browser.evaluate(folded) == 0
    browser.evaluate("dispatchEvent(new Event('afterprint'))")
    assert browser.evaluate(folded) == 1
    pdf = base64.b64decode(browser.call('Page.printToPDF')['data'])
    assert pdf.startswith(b'%PDF') and len(pdf) > 50000, len(pdf)


CASES = [fits, is_legible, sorts_by_keyboard, sorts_every_table,
         shows_the_numbers, shows_the_suite, shows_the_certificate,
         reads_without_script, prints]
LEDGER_CASES = [fits, is_legible, reads_without_script]


def main():
    program = chromium.find()
    if not program:
        print('skip: no Chromium')
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        run, ledger = (pathlib.Path(directory) / n for n in ('run', 'ledger'))
        for path in run, ledger:
            shutil.copytree(FIXTURE, path)
        alone(ledger)
        write(run)
        write(ledger)
        with chromium.Chromium(program) as browser:
            for case, page in [(case, run) for case in CASES] + \
                    [(case, ledger) for case in LEDGER_CASES]:
                browser.resize(1600)
                browser.media()
                try:
                    case(browser, page / 'report.html')
                    print(f'ok   {page.name}: {case.__name__}')
                except (AssertionError, OSError, RuntimeError) as error:
                    failed += 1
                    print(f'FAIL {page.name}: {case.__name__}: {error!r}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
