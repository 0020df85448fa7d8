"""Clients with a session, for what a token never does: kept for as long as the proof is fresh."""
import time

from sessions_help import Browser

FRESH_S = 10 * 60
KEPT = {}


def signed(daemon, login, office=None):
    """A browser of this person, acting in this office; others use it, too: it is not closed."""
    key = (daemon.port, login, office)
    browser, since = KEPT.get(key, (None, 0))
    if browser is None or time.monotonic() - since > FRESH_S:
        browser = Browser(daemon)
        answer = browser.login(login, daemon.logins[login]["password"])
        if answer.status != 201:
            raise AssertionError("%s: %r" % (login, answer))
        browser.extra = {"Daicho-Office": office} if office else {}
        KEPT[key] = browser, time.monotonic()
    return browser
