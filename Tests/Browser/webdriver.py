"""A small WebDriver client for headless Chromium: the standard library only."""

import http.client
import json
import shutil
import subprocess
import time
import zlib


class WebDriverError(Exception):
    pass


class Browser:
    """One Chromium with one window. Use as a context manager: it ends the processes that it started."""

    def __init__(self, width=1280, height=800, language="en-US", dark=False, arguments=()):
        self.session = None
        self.driver = subprocess.Popen(
            [shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.port = int(line.rstrip(".\n").rsplit(" ", 1)[1])
                break
        if self.port is None:
            raise WebDriverError("chromedriver did not start")
        binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        flags = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
                 "--no-first-run", "--disable-background-networking", f"--window-size={width},{height}", *arguments]
        capabilities = {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": binary, "args": flags, "prefs": {"intl.accept_languages": language}},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}
        try:
            self.session = self.request("POST", "/session", {"capabilities": capabilities})["sessionId"]
            self.emulate(width, height, dark)
        except Exception:
            self.close()
            raise

    def emulate(self, width, height, dark=False, reduced_motion=True, mobile=False):
        self.devtools("Emulation.setDeviceMetricsOverride",
                      {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile})
        self.devtools("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced_motion else "no-preference"}]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session:
                self.call("DELETE", "")
        except (OSError, WebDriverError):
            pass
        self.driver.terminate()
        try:
            self.driver.wait(10)
        except subprocess.TimeoutExpired:
            self.driver.kill()

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise WebDriverError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def call(self, method, path, body=None):
        return self.request(method, f"/session/{self.session}{path}", body if body is not None or method != "POST" else {})

    def devtools(self, command, parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def run(self, script, *arguments):
        """The value of a function's body in the page."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def open(self, address):
        self.call("POST", "/url", {"url": address})

    def wait(self, script, seconds=15, what=None):
        """Waits until an expression becomes true; returns its value."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(f"return ({script})")
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what or script}")
            time.sleep(0.03)

    def actions(self, *sources):
        self.call("POST", "/actions", {"actions": list(sources)})

    def move(self, x, y):
        self.actions({"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}]})

    def click(self, x, y):
        self.actions({"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]})

    def drag(self, start, end, button=0):
        middle = [(a + b) / 2 for a, b in zip(start, end)]
        moves = [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)} for x, y in (start, middle, end)]
        self.actions({"type": "pointer", "id": "mouse", "actions": [
            moves[0], {"type": "pointerDown", "button": button}, *moves[1:], {"type": "pointerUp", "button": button}]})

    def wheel(self, x, y, amount):
        self.actions({"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "duration": 0, "x": round(x), "y": round(y), "deltaX": 0, "deltaY": amount}]})

    def keys(self, *keys):
        """Presses keys one after another; ("Shift", "Enter") presses together."""
        named = {"Enter": "\ue007", "Escape": "\ue00c", "Shift": "\ue008", "ArrowLeft": "\ue012", "ArrowUp": "\ue013",
                 "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Tab": "\ue004",
                 "Home": "\ue011", "End": "\ue010"}
        actions = []
        for key in keys:
            together = [named.get(part, part) for part in (key if isinstance(key, tuple) else (key,))]
            actions += [{"type": "keyDown", "value": part} for part in together]
            actions += [{"type": "keyUp", "value": part} for part in reversed(together)]
        self.actions({"type": "key", "id": "keyboard", "actions": actions})

    def errors(self):
        """Errors of the page's console since the last call."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})
                if entry["level"] == "SEVERE"]
