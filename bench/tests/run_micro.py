# SPDX-License-Identifier: MIT
#
# Runs serialbench-micro, the program that is named first, for one short cell,
# and looks at its JSON, its list of names and its exit statuses.
import json
import os
import re
import subprocess
import sys

MICRO = sys.argv[1]


def run(*flags):
    return subprocess.run([MICRO, *flags], capture_output=True, text=True,
                          timeout=120)


def check(true, *values):
    if not true:
        sys.exit('failed: ' + ' '.join(str(value) for value in values))


def check_cell():
    done = run('--benchmark_filter=^pair/none/size:64/.*threads:1$',
               '--benchmark_min_time=0.001', '--benchmark_format=json')
    check(done.returncode == 0, done)
    output = json.loads(done.stdout)
    for key in ('allocator_library', 'clock', 'pinning', 'placement',
                'topology'):
        check(output['context'].get(key), key, output['context'])
    check(len(output['benchmarks']) == 1, output)
    cell = output['benchmarks'][0]
    check(cell['name'] == 'pair/none/size:64/manual_time/threads:1', cell)
    check('error_occurred' not in cell, cell)
    check(cell['threads'] == 1, cell)
    for key in ('wall_ns_per_op', 'wall_ns_per_op_median', 'batch_operations'):
        check(cell[key] > 0, key, cell)
    # An iteration is an operation, and batches are whole.
    check(cell['iterations'] % cell['batch_operations'] == 0, cell)
    # With one thread the two agree in every version of google-benchmark.
    ratio = cell['real_time'] / cell['wall_ns_per_op']
    check(abs(ratio - 1) < 1e-6, cell)


def check_names():
    done = run('--benchmark_list_tests')
    check(done.returncode == 0, done)
    names = done.stdout.split()
    check(len(names) == len(set(names)), names)
    form = re.compile(r'(counter/[a-z]+/work:(0|50|200|1000)|'
                      r'pair/[a-z]+/size:(16|64|72|512|4096))'
                      r'/manual_time/threads:\d+')
    for name in names:
        check(form.fullmatch(name), name)
    for family in ('counter/atomic', 'counter/null', 'pair/again',
                   'pair/plain', 'pair/tls'):
        check(any(name.startswith(family + '/') for name in names), family)


def check_wrong_use():
    for flags, text in ((['--benchmark_filtre=x'], 'benchmark_filtre'),
                        (['--threads'], '--threads'),
                        (['--benchmark_filter=^nothing$'], 'nothing')):
        done = run(*flags)
        # google-benchmark ends the program itself for flags of its own form.
        check(done.returncode in (1, 2), done)
        check(text in done.stderr, done)


def check_lost_output():
    """A disk that is full, and a reader that is gone."""
    cell = '--benchmark_filter=^pair/none/size:64/.*threads:1$'
    short = '--benchmark_min_time=0.001'
    for flags in ([], ['--benchmark_format=json'], ['--benchmark_list_tests']):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            done = subprocess.run([MICRO, cell, short, *flags], stdout=full,
                                  stderr=subprocess.PIPE, text=True,
                                  timeout=120)
        check(done.returncode == 1, flags, done)
        check(done.stderr.count('stdout: the output could not') == 1, done)
    for form in ('json', 'csv', 'console'):
        done = run(cell, short, '--benchmark_out=/dev/full',
                   '--benchmark_out_format=' + form)
        check(done.returncode == 1, form, done)
        check('/dev/full: the output could not' in done.stderr, done)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([MICRO, cell, short], stdout=writer,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writer)
    check(done.returncode == 1, done)
    check('stdout: the output could not' in done.stderr, done)


check_cell()
check_lost_output()
check_names()
check_wrong_use()
