locals {
  machine = jsonencode({
    StartAt = "Good"
    States = {
      Good = {
        Type           = "Task"
        Resource       = "arn:aws:states:::lambda:invoke.waitForTaskToken"
        Parameters     = { FunctionName = "worker", Payload = { "taskToken.$" = "$$.Task.Token" } }
        TimeoutSeconds = 600
        Next           = "Bad"
      }
      Bad = {
        Type             = "Task"
        Resource         = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Parameters       = { QueueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/queue", "MessageBody.$" = "$$.Task.Token" }
        TimeoutSeconds   = 60
        HeartbeatSeconds = 90
        End              = true
      }
    }
  })
}
