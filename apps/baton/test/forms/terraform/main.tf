resource "aws_sfn_state_machine" "encoded" {
  name     = "encoded"
  role_arn = aws_iam_role.this.arn

  definition = jsonencode({
    StartAt = "Good"
    States = {
      Good = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.this.partition}:states:::lambda:invoke.waitForTaskToken"
        Parameters = {
          FunctionName = aws_lambda_function.worker.arn
          Payload      = { "taskToken.$" = "$$.Task.Token" }
        }
        TimeoutSeconds = var.timeout_seconds
        Next           = "Bad"
      }
      # Nobody decided how long this may take.
      Bad = {
        Type             = "Task"
        Resource         = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Parameters       = { QueueUrl = aws_sqs_queue.this.url, "MessageBody.$" : "$$.Task.Token" }
        TimeoutSeconds   = 60
        HeartbeatSeconds = 90
        End              = true
      }
    }
  })
}

resource "aws_sfn_state_machine" "heredoc" {
  name       = "heredoc"
  definition = <<-EOF
    {
      "StartAt": "Good",
      "States": {
        "Good": {
          "Type": "Task",
          "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "Parameters": { "FunctionName": "${aws_lambda_function.worker.arn}", "Payload": { "taskToken.$": "$$.Task.Token" } },
          "TimeoutSeconds": ${var.timeout_seconds},
          "Next": "Bad"
        },
        "Bad": {
          "Type": "Task",
          "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": { "QueueUrl": "${aws_sqs_queue.this.url}", "MessageBody.$": "$$.Task.Token" },
          "TimeoutSeconds": 60,
          "HeartbeatSeconds": 90,
          "End": true
        }
      }
    }
  EOF
}

resource "aws_sfn_state_machine" "template" {
  name       = "template"
  definition = templatefile("${path.module}/template.asl.json.tftpl", { worker = aws_lambda_function.worker.arn, timeout = 60, heartbeat = 90 })
}

resource "aws_sfn_state_machine" "local" {
  name       = "local"
  definition = local.machine
}
