package dev.remanence.mind.extract;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a fact says of its entity: a name of the vocabulary, and whether an entity has one such
/// value at a time or many. The vocabulary is in docs/extraction.md.
public record Attribute(String name, boolean many) {
  static final Attribute NAME = one("name");
  static final Attribute NICKNAME = one("nickname");
  static final Attribute AGE = one("age");
  static final Attribute BIRTHDAY = one("birthday");
  static final Attribute BORN = one("born");
  static final Attribute PRONOUNS = one("pronouns");
  static final Attribute NATIONALITY = many("nationality");
  static final Attribute EMAIL = one("email");
  static final Attribute PHONE = one("phone");
  static final Attribute TIMEZONE = one("timezone");
  static final Attribute LIVES_IN = one("lives_in");
  static final Attribute FROM = one("from");
  static final Attribute WORKS_AT = one("works_at");
  static final Attribute JOB = one("job");
  static final Attribute STUDIES = many("studies");
  static final Attribute STUDIES_AT = one("studies_at");
  static final Attribute LIKES = many("likes");
  static final Attribute DISLIKES = many("dislikes");
  static final Attribute PREFERS = many("prefers");
  static final Attribute DIET = many("diet");
  static final Attribute ALLERGIC_TO = many("allergic_to");
  static final Attribute CONDITION = many("condition");
  static final Attribute RELATIONSHIP = one("relationship");
  static final Attribute PARTNER = one("partner");
  static final Attribute SIBLING = many("sibling");
  static final Attribute PARENT = many("parent");
  static final Attribute CHILD = many("child");
  static final Attribute RELATIVE = many("relative");
  static final Attribute FRIEND = many("friend");
  static final Attribute COLLEAGUE = many("colleague");
  static final Attribute ROOMMATE = many("roommate");
  static final Attribute BOSS = one("boss");
  static final Attribute HAS_PET = many("has_pet");
  static final Attribute OWNS = many("owns");
  static final Attribute USES = many("uses");
  static final Attribute SPEAKS = many("speaks");
  static final Attribute HOBBY = many("hobby");
  static final Attribute VISITED = many("visited");
  static final Attribute GOING_TO = many("going_to");
  static final Attribute PLANS = many("plans");
  static final Attribute EVENT = many("event");
  static final Attribute INSTRUCTION = many("instruction");

  private static final Map<String, Attribute> VOCABULARY =
      Stream.of(
              NAME,
              NICKNAME,
              AGE,
              BIRTHDAY,
              BORN,
              PRONOUNS,
              NATIONALITY,
              EMAIL,
              PHONE,
              TIMEZONE,
              LIVES_IN,
              FROM,
              WORKS_AT,
              JOB,
              STUDIES,
              STUDIES_AT,
              LIKES,
              DISLIKES,
              PREFERS,
              DIET,
              ALLERGIC_TO,
              CONDITION,
              RELATIONSHIP,
              PARTNER,
              SIBLING,
              PARENT,
              CHILD,
              RELATIVE,
              FRIEND,
              COLLEAGUE,
              ROOMMATE,
              BOSS,
              HAS_PET,
              OWNS,
              USES,
              SPEAKS,
              HOBBY,
              VISITED,
              GOING_TO,
              PLANS,
              EVENT,
              INSTRUCTION)
          .collect(Collectors.toUnmodifiableMap(Attribute::name, attribute -> attribute));

  /// Those whose time is when something happens, not since when it holds.
  private static final List<Attribute> DATED = List.of(VISITED, GOING_TO, PLANS, EVENT);

  /// The names of the vocabulary, in order.
  static List<String> names() {
    return VOCABULARY.keySet().stream().sorted().toList();
  }

  /// The attribute of a name: that of the vocabulary, else one that has a single value.
  public static Attribute named(String name) {
    var known = VOCABULARY.get(name);
    return known != null ? known : one(name);
  }

  /// Whether its time tells when something happens: it is said now of another moment.
  public boolean dated() {
    return DATED.contains(this);
  }

  private static Attribute one(String name) {
    return new Attribute(name, false);
  }

  private static Attribute many(String name) {
    return new Attribute(name, true);
  }
}
