"""A worker of Baton in Python: takes work, sends heartbeats while it runs, and reports how it ended.

    from baton_worker import Baton
    Baton(endpoint).poll_queue(queue_url, lambda work, context: {"half": work["number"] / 2})

For work of a queue (in a container, on a host, anywhere) and for jobs on EC2 hosts. Requests are signed by boto3's own signer with the
credentials that boto3 finds. What the function returns is the state's result; what it raises is the state's error, by the name of its class.
"""

import json
import subprocess
import threading
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

BEATS_WITHOUT_LIMIT_SECONDS = 30
"""If the state has no HeartbeatSeconds, heartbeats only ask whether to go on."""

REPORT_PAUSES_SECONDS = (0.2, 0.4, 0.8)
"""A report that comes twice is a duplicate, and does no harm."""


class Refused(Exception):
    """Baton refused the request: repeating it changes nothing."""


class Unavailable(Exception):
    """There was no answer, or none that counts: the work comes again."""


class Context:
    """What a function is told beside its work."""

    def __init__(self, beat):
        self._beat = beat
        self.stopped = threading.Event()
        """Set when nobody waits for the outcome any more."""

    def heartbeat(self, progress=None):
        """Sends a heartbeat now, with how far the work has come. Others are sent by themselves."""
        self._beat(progress)


class Baton:
    """Baton's HTTP API, as a worker with a role of the platform uses it."""

    def __init__(self, endpoint, session=None, timeout=5):
        self._endpoint = endpoint.rstrip("/")
        self._session = session or boto3.Session()
        self._timeout = timeout

    def post(self, callback_id, verb, body, work_secret=None):
        """Sends one report. Returns Baton's answer, also `conflict` and `late`. Raises Refused or Unavailable."""
        headers = {"content-type": "application/json"}
        if work_secret is not None:
            headers["x-baton-work-secret"] = work_secret
        url = f"{self._endpoint}/callbacks/{callback_id}/{verb}"
        request = AWSRequest(method="POST", url=url, data=json.dumps(body), headers=headers)
        credentials = self._session.get_credentials().get_frozen_credentials()
        SigV4Auth(credentials, "execute-api", self._session.region_name).add_auth(request)
        prepared = request.prepare()
        data = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        sent = urllib.request.Request(url, data=data, headers=dict(prepared.headers), method="POST")
        try:
            with urllib.request.urlopen(sent, timeout=self._timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return _answer_in(error)
        except (urllib.error.URLError, TimeoutError, json.JSONDecodeError) as error:
            raise Unavailable(str(error)) from error

    def run(self, work, given, callback_id, heartbeat_seconds=None, work_secret=None, run_id=None):
        """Runs a function for one piece of work and reports its outcome. Raises Unavailable where that could not be reported."""
        claimed = {} if run_id is None else {"runId": run_id}

        def beat(progress=None):
            body = dict(claimed) if progress is None else {**claimed, "progress": progress}
            try:
                if self.post(callback_id, "heartbeat", body, work_secret)["answer"] == "stop":
                    context.stopped.set()
            except Unavailable:
                pass  # Without an answer the work goes on.

        context = Context(beat)
        over = threading.Event()
        interval = max(1, (heartbeat_seconds or 3 * BEATS_WITHOUT_LIMIT_SECONDS) // 3)

        def keep_beating():
            while not over.wait(interval) and not context.stopped.is_set():
                beat()

        beat()
        if context.stopped.is_set():
            return
        beating = threading.Thread(target=keep_beating, daemon=True)
        beating.start()
        try:
            verb, body = "success", {"output": work(given, context)}
        except Exception as error:  # Whatever a worker raises is its outcome.
            verb, body = "failure", {"error": type(error).__name__, "cause": str(error)}
        finally:
            over.set()
            beating.join()
        if not context.stopped.is_set():
            self._report(callback_id, verb, {**claimed, **body}, work_secret)

    def _report(self, callback_id, verb, body, work_secret):
        for pause in (*REPORT_PAUSES_SECONDS, None):
            try:
                if self.post(callback_id, verb, body, work_secret)["answer"] != "stored" or pause is None:
                    return
            except Unavailable:
                if pause is None:
                    raise
            threading.Event().wait(pause)

    def poll_queue(self, queue_url, work, stop=None, visibility_seconds=60):
        """Takes messages from a queue until `stop` (a threading.Event) is set. One that cannot be done or reported comes again."""
        stop = stop or threading.Event()
        queue = self._session.client("sqs")
        while not stop.is_set():
            taken = queue.receive_message(QueueUrl=queue_url, WaitTimeSeconds=5, VisibilityTimeout=visibility_seconds)
            for message in taken.get("Messages", []):
                if self._attend(queue, queue_url, message, work, visibility_seconds):
                    queue.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _attend(self, queue, queue_url, message, work, visibility_seconds):
        over = threading.Event()

        def keep_hidden():
            while not over.wait(visibility_seconds / 3):
                queue.change_message_visibility(
                    QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=visibility_seconds
                )

        hiding = threading.Thread(target=keep_hidden, daemon=True)
        hiding.start()
        try:
            body = json.loads(message["Body"])
            self.run(work, body.get("work"), body["callbackId"], body.get("heartbeatSeconds"), body.get("workSecret"))
            return True
        except (Refused, Unavailable, KeyError, ValueError):
            return False
        finally:
            over.set()
            hiding.join()

    def run_on_host(self, callback_id, command_id, boot_id):
        """Claims the job of a host and runs it. It needs the credentials of the instance, and ends the job when it is told to stop.

        This is the contract and no more: the notifier that Baton installs also survives its own death and a reboot.
        """
        run_id = str(uuid.uuid4())
        while True:
            claimed = self.post(callback_id, "claim", {"runId": run_id, "commandId": command_id, "bootId": boot_id})
            if claimed["answer"] != "wait":
                break
            threading.Event().wait(claimed["retryAfterSeconds"])
        if claimed["answer"] == "granted":
            grace = claimed["stopGraceSeconds"]
            self.run(lambda job, context: _run_job(job, context, grace), claimed["job"], callback_id,
                     claimed["heartbeatSeconds"], run_id=run_id)  # fmt: skip
        return claimed


class JobFailed(Exception):
    """The job's status is not 0."""


def _run_job(job, context, grace):
    """Returns the JSON that the job prints last."""
    command = job["command"] if job.get("command") else ["sh", "-c", job["shell"]]
    process = subprocess.Popen(command, cwd=job.get("workingDirectory"), stdout=subprocess.PIPE, text=True)

    def end_when_stopped():
        context.stopped.wait()
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()

    threading.Thread(target=end_when_stopped, daemon=True).start()
    printed, _ = process.communicate()
    if process.returncode != 0:
        raise JobFailed(f"the job exited with code {process.returncode}")
    lines = [line for line in printed.splitlines() if line.startswith(("{", "["))]
    return json.loads(lines[-1]) if lines else None


def _answer_in(error):
    """A conflict (409) and a report that comes late (410) are answers, too."""
    text = error.read().decode(errors="replace")
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    if error.code < 500 and "answer" in said:
        return said
    if error.code >= 500 or error.code in (408, 425, 429):
        raise Unavailable(f"Baton answered {error.code}")
    raise Refused(f"Baton answered {error.code} {said.get('error', '')}: {said.get('message', text[:200])}")
