// The texts of deliveries, packed against what a message's deliveries have in common, and back.

#include "storage/sqlite/delivery_texts.hpp"

#include "tests/storage/sqlite/fixture.hpp"
#include "tests/support/property.hpp"

namespace caravan::testing {
namespace {

using Lines = std::vector<std::string>;

DeliveryRecord told(std::int64_t account, const std::string& who, std::int64_t version = 1) {
  DeliveryRecord delivery = pending_delivery(account, 1, 2'000);
  delivery.version.value = version;
  delivery.address = who + "@sales.example";
  delivery.values = "The reference solution of " + who + " is told to the owner of the account by its number " +
                    std::to_string(account);
  return delivery;
}

Changes with(std::initializer_list<DeliveryRecord> deliveries) {
  Changes changes;
  changes.deliveries = deliveries;
  return changes;
}

std::vector<DeliveryRecord> deliveries_in(Store& store, std::int64_t token) {
  const std::unique_ptr<Reader> reader = store.reader();
  return gather<DeliveryRecord>([&](auto& to) { reader->deliveries_of({token}, to); });
}

class DeliveryFile {
 public:
  DeliveryFile() { open(); }
  void open() {
    store_.reset();
    store_ = open_sqlite(file(), OpenMode::write);
  }
  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }
  std::string ask(const std::string& sql) { return testing::ask(file(), sql); }
  std::filesystem::path file() const { return folder_.path() / "caravan.db"; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_CASE("what deliveries of two accounts have in common is kept once, and they come back as they were") {
  DeliveryFile file;
  file->commit(with({told(1, "ada"), told(2, "grace"), told(3, "edsger")}));
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "1");
  CHECK(file.ask("SELECT count(*) FROM delivery WHERE dictionary = 1 AND address = ''") == "3");
  CHECK(file.ask("SELECT max(length(message_values)) < 50 FROM delivery") == "1");
  CHECK(deliveries_in(*file, 2) == std::vector{told(2, "grace")});
  file.open();
  file->commit(with({told(4, "barbara")}));
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "1");
  CHECK(deliveries_in(*file, 4) == std::vector{told(4, "barbara")});
  CHECK(deliveries_in(*file, 3) == std::vector{told(3, "edsger")});
}

TEST_CASE("deliveries that come one by one stand as they are until there are two accounts' to compare") {
  DeliveryFile file;
  file->commit(with({told(1, "ada")}));
  CHECK(file.ask("SELECT address FROM delivery WHERE dictionary IS NULL") == "ada@sales.example");
  file->commit(with({told(2, "grace")}));
  CHECK(file.ask("SELECT dictionary FROM delivery WHERE token = 2") == "1");
  CHECK(deliveries_in(*file, 1) == std::vector{told(1, "ada")});
  CHECK(deliveries_in(*file, 2) == std::vector{told(2, "grace")});
}

TEST_CASE("what one account's deliveries have in common is in no dictionary") {
  DeliveryFile file;
  DeliveryRecord second = told(1, "ada");
  second.key.visit = 2;
  file->commit(with({told(1, "ada"), second}));
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "0");
  CHECK(deliveries_in(*file, 1) == std::vector{told(1, "ada"), second});
}

TEST_CASE("what is little alike waits for more") {
  DeliveryFile file;
  std::int64_t token = 0;
  const auto commit_one = [&](const std::string& text) {
    DeliveryRecord delivery = pending_delivery(++token, 1, 2'000);
    delivery.values = text;
    file->commit(with({delivery}));
  };
  // Two have an address in common and little else: a dictionary of that would be the message's for ever.
  commit_one("a long text about something: 8c1f0e5d6b7a493f2c0d1e8a9b7f6d5c4e3a2b1c0d9e8f7a");
  commit_one("another one of which nobody knew, zxqwvkjyhupbmgtrnlsfdc zxqwvkjyhupbmgtrnl");
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "0");
  for (const char* ending : {"first", "second"})
    commit_one(std::string("what all the others are told, each of them in the same words: the ") + ending);
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "1");
  CHECK(file.ask("SELECT count(*) FROM delivery WHERE dictionary IS NOT NULL") == "1");
}

TEST_CASE("each message has its own dictionary, and short texts none") {
  DeliveryFile file;
  DeliveryRecord brief = pending_delivery(5, 1, 2'000);
  file->commit(with({told(1, "ada"), told(2, "grace"), told(3, "ada", 2), told(4, "grace", 2), brief}));
  CHECK(file.ask("SELECT group_concat(version) FROM delivery_dictionary") == "1,2");
  CHECK(file.ask("SELECT address FROM delivery WHERE token = 5 AND dictionary IS NULL") == brief.address);
  CHECK(deliveries_in(*file, 4) == std::vector{told(4, "grace", 2)});
}

TEST_CASE("a dictionary goes with the transaction that made it") {
  DeliveryFile file;
  Changes refused = with({told(1, "ada"), told(2, "grace")});
  refused.progress.push_back({});  // of a delivery that is not there
  CHECK_THROWS_AS(file->commit(refused), StoreError);
  CHECK(file.ask("SELECT count(*) FROM delivery_dictionary") == "0");
  file->commit(with({told(1, "ada"), told(2, "grace")}));
  CHECK(deliveries_in(*file, 1) == std::vector{told(1, "ada")});
}

TEST_CASE("texts of a damaged file are an error that says whose they are") {
  DeliveryFile file;
  file->commit(with({told(1, "ada"), told(2, "grace"), told(3, "edsger")}));
  file.ask("UPDATE delivery SET message_values = x'20ff00' WHERE token = 1");
  file.ask("UPDATE delivery SET dictionary = 7 WHERE token = 2");
  CHECK_THROWS_WITH(deliveries_in(*file, 1), Catch::Matchers::Contains("delivery of token 1"));
  CHECK_THROWS_WITH(deliveries_in(*file, 2), Catch::Matchers::Contains("there is no dictionary 7"));
  CHECK(deliveries_in(*file, 3) == std::vector{told(3, "edsger")});
}

TEST_CASE("whatever texts deliveries have, they come back") {
  CHECK(test::holds_in(50, [](const std::vector<std::pair<std::string, std::string>>& texts) {
    DeliveryFile file;
    std::vector<DeliveryRecord> written;
    for (const auto& [address, values] : texts) {
      DeliveryRecord delivery = told(static_cast<std::int64_t>(written.size()) + 1, address);
      delivery.values += values;
      written.push_back(delivery);
    }
    const auto half = static_cast<std::ptrdiff_t>(written.size() / 2);
    Changes first, second;
    first.deliveries.assign(written.begin(), written.begin() + half);
    second.deliveries.assign(written.begin() + half, written.end());
    file->commit(first);
    file->commit(second);
    for (const DeliveryRecord& delivery : written)
      RC_ASSERT(deliveries_in(*file, delivery.key.token.value) == std::vector{delivery});
  }));
}

TEST_CASE("parts that texts share are as long as they can be, each once") {
  const Lines texts = {"one: the same words; 1", "two: the same words; 2", "six: the same words; 6"};
  CHECK(sqlite::common_parts(texts).find(": the same words; ") != std::string::npos);
  CHECK(sqlite::common_parts(texts).size() < 40);
  CHECK(sqlite::common_parts(Lines{"nothing", "is alike"}).empty());
  CHECK(sqlite::common_parts(Lines{"alone there is nothing to compare with"}).empty());
}

}  // namespace
}  // namespace caravan::testing
