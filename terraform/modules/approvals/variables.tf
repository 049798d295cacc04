variable "notice_topic_arn" {
  description = "The platform's output of that name."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$", var.notice_topic_arn))
    error_message = "notice_topic_arn is the ARN of an SNS topic: module.baton.notice_topic_arn."
  }
}

variable "approvers" {
  description = "E-mail address of each approver, by the name that work.approvers has: both must be those of the work, or no mail is sent."
  type        = map(string)

  validation {
    condition     = alltrue([for email in values(var.approvers) : can(regex("^[^@\\s<>,;]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$", email))])
    error_message = "approvers are e-mail addresses such as ann@example.com, one each, without a name around it."
  }

  validation {
    condition     = alltrue([for name in keys(var.approvers) : length(name) >= 1 && length(name) <= 150])
    error_message = "An approver's name has 1 to 150 characters."
  }
}
