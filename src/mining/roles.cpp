#include "mining/roles.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace tongdian::mining {
namespace {

constexpr std::array<std::string_view, role_count> role_names{"",         "case",      "activity", "time",
                                                              "resource", "lifecycle", "start",    "recorded",
                                                              "deadline", "promised",  "finished", "customer"};

using Names = std::span<const std::string_view>;

// As they are compared: lower case, without blanks, underscores, hyphens and points. The surest first.
constexpr std::string_view case_names[] = {"case:concept:name",
                                           "caseid",
                                           "casekey",
                                           "casenumber",
                                           "caseno",
                                           "case",
                                           "casename",
                                           "traceid",
                                           "trace",
                                           "案件编号",
                                           "案件号",
                                           "案件id",
                                           "案例编号",
                                           "案例id",
                                           "案例",
                                           "流程实例编号",
                                           "流程实例id",
                                           "流程实例",
                                           "流程编号",
                                           "工单编号",
                                           "工单号",
                                           "工单id",
                                           "办件编号",
                                           "办件号",
                                           "业务流水号",
                                           "业务编号",
                                           "业务号",
                                           "受理编号",
                                           "受理号",
                                           "申请编号",
                                           "申请单号",
                                           "申请号",
                                           "报装编号",
                                           "报装单号",
                                           "项目编号",
                                           "订单编号",
                                           "订单号",
                                           "单号",
                                           "编号",
                                           "流水号",
                                           "processinstanceid",
                                           "processinstance",
                                           "procinstid",
                                           "instanceid",
                                           "applicationid",
                                           "applicationno",
                                           "requestid",
                                           "ticketid",
                                           "incidentid",
                                           "orderid",
                                           "orderno",
                                           "id"};
constexpr std::string_view activity_names[] = {
    "concept:name", "activity", "activityname", "activityid", "活动",      "活动名称", "环节",   "环节名称", "办理环节",
    "流程环节",     "步骤",     "步骤名称",     "节点",       "节点名称",  "流程节点", "任务",   "任务名称", "工序",
    "事项",         "操作",     "操作名称",     "操作类型",   "事件",      "事件名称", "task",   "taskname", "step",
    "stepname",     "event",    "eventname",    "action",     "operation", "stage",    "status", "当前环节", "状态"};
constexpr std::string_view time_names[] = {"time:timestamp",
                                           "completetimestamp",
                                           "timestamp",
                                           "endtimestamp",
                                           "completiontimestamp",
                                           "completetime",
                                           "completiontime",
                                           "endtime",
                                           "finishtime",
                                           "eventtime",
                                           "datetime",
                                           "time",
                                           "时间戳",
                                           "时间",
                                           "完成时间",
                                           "结束时间",
                                           "操作时间",
                                           "处理时间",
                                           "办理时间",
                                           "发生时间",
                                           "环节完成时间",
                                           "环节结束时间",
                                           "事件时间",
                                           "提交时间",
                                           "办结时间",
                                           "日期时间",
                                           "日期",
                                           "办理日期",
                                           "完成日期",
                                           "date",
                                           "eventdate",
                                           "starttimestamp",
                                           "starttime",
                                           "开始时间",
                                           "createdat",
                                           "创建时间"};
constexpr std::string_view resource_names[] = {
    "org:resource", "resource", "user",     "username", "userid",    "employee",   "performer", "assignee",
    "agent",        "operator", "处理人",   "处理人员", "办理人",    "办理人员",   "经办人",    "操作人",
    "操作人员",     "操作员",   "责任人",   "执行人",   "承办人",    "负责人",     "人员",      "员工",
    "工号",         "客户经理", "org:role", "role",     "org:group", "group",      "承办部门",  "办理部门",
    "部门",         "科室",     "单位",     "办理单位", "班组",      "department", "team"};
constexpr std::string_view lifecycle_names[] = {"lifecycle:transition", "lifecycle", "lifecycletransition",
                                                "transition", "生命周期"};
constexpr std::string_view start_names[] = {"starttimestamp", "time:start", "start:timestamp", "timestampstart",
                                            "starttime",      "begintime",  "startdatetime",   "开始时间",
                                            "环节开始时间",   "接收时间"};
constexpr std::string_view recorded_names[] = {
    "recordedat", "recordedtime", "recordtime", "recorded",   "entrytime",   "entrydate", "enteredat",
    "inserttime", "insertedat",   "createdat",  "createtime", "createdtime", "loggedat",  "录入时间",
    "录入日期",   "登记时间",     "入库时间",   "系统时间",   "写入时间",    "创建时间",  "补录时间"};
constexpr std::string_view deadline_names[] = {
    "deadline", "duedate",     "due",          "dueon",      "dueat",        "duetime",    "targetdate",
    "slaend",   "sladeadline", "截止时间",     "截止日期",   "办理截止时间", "办结期限",   "办理期限",
    "办理时限", "法定期限",    "法定办结时间", "应办结时间", "应办结日期",   "应完成时间", "应完成日期",
    "到期时间", "到期日期",    "到期日",       "限办时间",   "期限"};
constexpr std::string_view promised_names[] = {"enddateplanned",
                                               "plannedenddate",
                                               "plannedend",
                                               "plannedcompletion",
                                               "plannedcompletiondate",
                                               "promiseddate",
                                               "promised",
                                               "promisedat",
                                               "promisedon",
                                               "expectedenddate",
                                               "expectedcompletion",
                                               "estimatedcompletion",
                                               "承诺办结时间",
                                               "承诺办结日期",
                                               "承诺完成时间",
                                               "承诺完成日期",
                                               "承诺时间",
                                               "承诺日期",
                                               "计划完成时间",
                                               "计划完成日期",
                                               "计划办结时间",
                                               "计划送电时间",
                                               "预计完成时间",
                                               "预计办结时间",
                                               "预计送电时间"};
constexpr std::string_view finished_names[] = {
    "enddate",      "actualenddate",  "actualend",     "finisheddate", "finishdate", "closedate",    "closeddate",
    "closedat",     "completiondate", "completeddate", "办结时间",     "办结日期",   "实际办结时间", "实际办结日期",
    "实际完成时间", "实际完成日期",   "归档时间",      "归档日期",     "竣工时间",   "送电时间",     "送电日期"};
constexpr std::string_view customer_names[] = {"customer",    "customerid", "customerno", "customernumber", "applicant",
                                               "applicantid", "户号",       "用户编号",   "用户号",         "客户编号",
                                               "客户号",      "客户名称",   "用户名称",   "申请人",         "申请单位",
                                               "用电地址",    "用电户号"};

constexpr std::array<Names, role_count> known{Names{},        case_names,      activity_names, time_names,
                                              resource_names, lifecycle_names, start_names,    recorded_names,
                                              deadline_names, promised_names,  finished_names, customer_names};

std::string comparable(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '.' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  }
  return out;
}

}  // namespace

std::string_view name_of(Role role) { return role_names[static_cast<std::size_t>(role)]; }

Role role_of(std::string_view name) {
  const auto at = std::ranges::find(role_names, name);
  return at == role_names.end() ? Role::none : static_cast<Role>(at - role_names.begin());
}

int rank(Role role, std::string_view name) {
  auto plain = comparable(name);
  constexpr std::string_view of_case = "case:";
  const bool case_wide =
      role == Role::deadline || role == Role::promised || role == Role::finished || role == Role::customer;
  if (plain.starts_with(of_case) && plain != case_names[0]) {
    if (!case_wide) return -1;
    plain.erase(0, of_case.size());
  }
  const auto& names = known[static_cast<std::size_t>(role)];
  const auto at = std::ranges::find(names, plain);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

}  // namespace tongdian::mining
