# SPDX-License-Identifier: MIT
"""A headless Chromium by its DevTools protocol, over a pipe: no port, no
package. Chromium(path) as a context; call() one method, wait_for() an event,
evaluate() an expression in the page."""
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
         '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync',
         '--disable-dev-shm-usage', '--remote-debugging-pipe']


def find():
    for name in ('chromium', 'chromium-browser', 'google-chrome'):
        if shutil.which(name):
            return shutil.which(name)
    return None


class Chromium:
    def __init__(self, program, timeout=60):
        self.timeout, self.last, self.events, self.buffer = timeout, 0, [], b''
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()
        # The browser reads its descriptor 3 and writes 4.
        arguments = [program, *FLAGS, f'--user-data-dir={self.profile.name}',
                     'about:blank']
        self.process = subprocess.Popen(
            ['sh', '-c', f'exec 3<&{read_there} 4>&{write_there} "$@"', 'sh',
             *arguments], pass_fds=(read_there, write_there),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(read_there)
        os.close(write_there)
        self.input, self.output = read_here, write_here
        target = self.call('Target.createTarget', url='about:blank')
        self.session = None
        self.session = self.call('Target.attachToTarget', flatten=True,
                                 targetId=target['targetId'])['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.call(f'{domain}.enable')

    session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.input)
        os.close(self.output)
        self.profile.cleanup()

    def receive(self, deadline):
        while b'\0' not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                raise TimeoutError('Chromium did not answer')
            got = os.read(self.input, 1 << 20)
            if not got:
                raise ConnectionError('Chromium has ended')
            self.buffer += got
        message, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.last += 1
        message = {'id': self.last, 'method': method, 'params': parameters}
        if self.session:
            message['sessionId'] = self.session
        data = json.dumps(message).encode() + b'\0'
        while data:
            data = data[os.write(self.output, data):]
        deadline = time.monotonic() + self.timeout
        while True:
            answer = self.receive(deadline)
            if answer.get('id') == self.last:
                if 'error' in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer['result']
            if 'method' in answer:
                self.events.append(answer)

    def wait_for(self, method):
        deadline = time.monotonic() + self.timeout
        while not any(e['method'] == method for e in self.events):
            answer = self.receive(deadline)
            if 'method' in answer:
                self.events.append(answer)

    def evaluate(self, expression):
        answer = self.call('Runtime.evaluate', expression=expression,
                           returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer['result'].get('value')

    def open(self, path):
        self.events.clear()
        self.call('Page.navigate', url=path.resolve().as_uri())
        self.wait_for('Page.loadEventFired')

    def resize(self, width, height=900):
        self.call('Emulation.setDeviceMetricsOverride', width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)

    def media(self, kind='', scheme='light'):
        self.call('Emulation.setEmulatedMedia', media=kind, features=[
            {'name': 'prefers-color-scheme', 'value': scheme}])

    def press(self, key):
        for kind in ('keyDown', 'keyUp'):
            extra = {'text': '\r'} if key == 'Enter' and kind == 'keyDown' \
                else {}
            self.call('Input.dispatchKeyEvent', type=kind, key=key, code=key,
                      windowsVirtualKeyCode={'Tab': 9, 'Enter': 13}[key],
                      **extra)
