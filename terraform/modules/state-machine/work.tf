# A state machine of one state that waits, for who has the work and no definition: `work` as in every definition, its seconds the state's.

locals {
  is_work_of_machines = contains(["ssm", "queue", "lambda"], try(var.work.kind, ""))

  work_definition = jsonencode({
    Comment = "Gives work to a worker, and goes on when it is done."
    StartAt = "Work"
    States = {
      Work = merge(
        {
          Type     = "Task"
          Resource = "arn:${data.aws_partition.current.partition}:states:::lambda:invoke.waitForTaskToken"
          Parameters = {
            FunctionName = try(var.platform.dispatcher_function_arn, "")
            Payload = {
              "taskToken.$" = "$$.Task.Token"
              context = {
                "executionArn.$" = "$$.Execution.Id"
                "redriveCount.$" = "$$.Execution.RedriveCount"
                "state.$"        = "$$.State.Name"
                "enteredTime.$"  = "$$.State.EnteredTime"
                "retryCount.$"   = "$$.State.RetryCount"
              }
              work = var.work
            }
          }
          TimeoutSeconds = try(var.work.timeoutSeconds, null)
          End            = true
        },
        try({ HeartbeatSeconds = var.work.heartbeatSeconds }, {}),
        { Retry = local.retries },
      )
    }
  })

  # Terraform's conditional wants lists of one form: a filter does not.
  retries = concat(
    [for retry in concat(local.retry_of_silence, [local.retry_of_dispatch]) : retry if local.is_work_of_machines],
    [for retry in [local.retry_of_links] : retry if !local.is_work_of_machines],
  )

  # A worker that went silent: Baton lets no second run of a host begin before the first is over, and tells other workers to stop.
  retry_of_silence = !can(var.work.heartbeatSeconds) ? [] : [{ ErrorEquals = ["States.HeartbeatTimeout"], IntervalSeconds = 1, MaxAttempts = 1 }]

  # People and partners would be asked once more: only what fails before they are asked, for as long as a new key or right may take to count in KMS.
  retry_of_links = { ErrorEquals = ["Baton.Unavailable"], IntervalSeconds = 10, MaxAttempts = 5, BackoffRate = 2 }

  retry_of_dispatch = {
    ErrorEquals     = concat(["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException", "Lambda.Unknown", "Baton.Unavailable"], try(var.work.kind == "ssm", false) ? ["Baton.HostBusy"] : [])
    IntervalSeconds = 2
    MaxAttempts     = 4
    BackoffRate     = 2
    JitterStrategy  = "FULL"
  }

  statements_of_work = var.work == null ? [] : [{
    sid                  = "Dispatch"
    actions              = ["lambda:InvokeFunction"]
    resources            = [try(var.platform.dispatcher_function_arn, "")]
    any_resource_because = null
    conditions           = []
  }]
}
