package dev.remanence.mind.extract;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What people are to each other: the attribute that a word such as `wife` or `boss` names.
final class Roles {
  private static final Map<String, Attribute> ROLES = roles();

  static final Set<String> PLURALS =
      Words.set(
          """
          sisters brothers siblings parents kids children sons daughters friends cousins colleagues \
          coworkers grandparents twins
          """);

  static final Set<String> ADJECTIVES =
      Words.set(
          """
          little big older younger best dear new old elder good twin eldest oldest youngest \
          close middle
          """);

  private Roles() {}

  static @Nullable Attribute of(String word) {
    return ROLES.get(word);
  }

  /// Whether an attribute's values are people.
  static boolean isRelation(Attribute attribute) {
    return ROLES.containsValue(attribute);
  }

  private static Map<String, Attribute> roles() {
    var roles = new HashMap<String, Attribute>();
    put(
        roles,
        Attribute.PARTNER,
        "wife husband partner boyfriend girlfriend fiance fiancé fiancee");
    put(roles, Attribute.PARTNER, "fiancée spouse hubby");
    put(roles, Attribute.SIBLING, "sister brother sibling sis bro sisters brothers siblings");
    put(roles, Attribute.PARENT, "mother father mom dad mum mama papa stepdad stepmom parents");
    put(roles, Attribute.CHILD, "son daughter kid child stepson stepdaughter baby kids children");
    put(roles, Attribute.CHILD, "sons daughters");
    put(roles, Attribute.RELATIVE, "cousin uncle aunt auntie grandma grandpa grandmother niece");
    put(roles, Attribute.RELATIVE, "grandfather nephew grandson granddaughter cousins");
    put(roles, Attribute.FRIEND, "friend buddy mate bestie pal friends");
    put(roles, Attribute.COLLEAGUE, "colleague coworker co-worker teammate workmate colleagues");
    put(roles, Attribute.COLLEAGUE, "coworkers");
    put(roles, Attribute.ROOMMATE, "roommate flatmate housemate");
    put(roles, Attribute.BOSS, "boss manager supervisor");
    return Map.copyOf(roles);
  }

  private static void put(Map<String, Attribute> roles, Attribute attribute, String words) {
    for (var word : Words.set(words)) {
      roles.put(word, attribute);
    }
  }
}
