#pragma once
// The records that are inserted by the thousand, column by column, for the tables that SQL selects them from. For
// each the names of its columns, in the order that its function numbers them.

#include "storage/sqlite/delivery_texts.hpp"
#include "storage/sqlite/row_table.hpp"

namespace caravan::sqlite {

/// Expects an AccountRecord.
extern const char* const kAccountColumns;
void put_account(const void* row, int column, ColumnResult result);

/// Expects a PersonRecord.
extern const char* const kPersonColumns;
void put_person(const void* row, int column, ColumnResult result);

/// Expects a TokenRecord.
extern const char* const kTokenColumns;
void put_token(const void* row, int column, ColumnResult result);

/// Expects a RunRecord.
extern const char* const kRunColumns;
void put_run(const void* row, int column, ColumnResult result);

/// Expects a NewDelivery.
extern const char* const kDeliveryColumns;
void put_delivery(const void* row, int column, ColumnResult result);

/// Expects a GroupRecord.
extern const char* const kGroupColumns;
void put_group(const void* row, int column, ColumnResult result);

/// A member where it is written: in a group.
struct GroupMember {
  const GroupRecord* group;
  const MemberRecord* member;
};
/// Expects a GroupMember.
extern const char* const kMemberColumns;
void put_member(const void* row, int column, ColumnResult result);

/// Expects an EngagementRecord.
extern const char* const kEngagementColumns;
void put_engagement(const void* row, int column, ColumnResult result);

/// Expects an EngagementDueRecord that has a time.
extern const char* const kEngagementDueColumns;
void put_engagement_due(const void* row, int column, ColumnResult result);

/// Expects an ActivityRecord.
extern const char* const kActivityColumns;
void put_activity(const void* row, int column, ColumnResult result);

/// Expects an AudienceMemberRecord; that it is one who came in is for the statement to know.
extern const char* const kAudienceMemberColumns;
void put_audience_member(const void* row, int column, ColumnResult result);

/// Expects a MailedRecord.
extern const char* const kMailedColumns;
void put_mailed(const void* row, int column, ColumnResult result);

}  // namespace caravan::sqlite
