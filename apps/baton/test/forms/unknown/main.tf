resource "aws_sfn_state_machine" "variable" {
  definition = var.definition
}

resource "aws_sfn_state_machine" "each" {
  for_each   = var.machines
  definition = templatefile("${path.module}/${each.key}.asl.json", {})
}

resource "aws_sfn_state_machine" "loop" {
  definition = jsonencode({
    StartAt = "All"
    States = {
      All = {
        Type     = "Parallel"
        Branches = [for name in var.names : { StartAt = name, States = { (name) = { Type = "Succeed" } } }]
        End      = true
      }
    }
  })
}

module "elsewhere" {
  source     = "terraform-aws-modules/step-functions/aws"
  definition = module.other.definition
}

resource "aws_sfn_state_machine" "directive" {
  definition = <<-ASL
    {
      "StartAt": "Last",
      "States": {
        %{~ for name in var.names ~}
        "${name}": { "Type": "Pass", "Next": "Last" },
        %{~ endfor ~}
        "Last": { "Type": "Succeed" }
      }
    }
  ASL
}
