"""moto's server for the comparison, with two repairs without which version 5.2.1 runs only one execution: a state machine is
copied without its executions (they hold locks, which cannot be copied), and an execution without a name gets one.

usage: moto-server.py PORT
"""
import copy
import sys
import uuid

from moto.core.config import default_user_config
from moto.server import main
from moto.stepfunctions import models
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

default_user_config["stepfunctions"]["execute_state_machine"] = True


def copy_without_executions(machine, _memo):
    twin = copy.copy(machine)
    twin.executions = []
    return twin


start_execution = StepFunctionsParserBackend.start_execution


def start_with_name(backend, machine_arn, name=None, *rest, **named):
    return start_execution(backend, machine_arn, name or str(uuid.uuid4()), *rest, **named)


models.StateMachine.__deepcopy__ = copy_without_executions
StepFunctionsParserBackend.start_execution = start_with_name
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
