package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Words.set;

import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Words that carry content, where only a known word makes a sentence a fact: `I'm a nurse` tells a
/// job, `I'm a potato` does not. Places and languages come from what the JDK knows.
final class Lexicon {
  static final Set<String> JOBS =
      set(
          """
          accountant actor actress actuary administrator analyst anesthesiologist animator \
          archaeologist architect archivist artist assistant astronomer athlete attorney auditor \
          author baker banker barber barista bartender beekeeper biologist blacksmith bookkeeper \
          bricklayer broker builder butcher caregiver caretaker carpenter cashier ceo cfo chef \
          chemist clerk cleaner coach coder columnist comedian composer consultant contractor cook \
          coo copywriter counselor courier cto curator dancer decorator dentist designer detective \
          developer dietitian diplomat director dj doctor driver ecologist economist editor \
          electrician engineer entrepreneur estimator farmer filmmaker firefighter fisherman florist \
          forester founder freelancer gardener geographer geologist goldsmith graphic-designer \
          hairdresser handyman headmaster historian illustrator influencer instructor intern \
          interpreter investigator investor janitor jeweler journalist judge juggler lawyer lecturer \
          librarian lifeguard linguist locksmith machinist manager marketer mason masseur \
          mathematician mechanic meteorologist midwife miner minister model musician nanny \
          neurologist notary nurse nutritionist officer optician optometrist painter paralegal \
          paramedic pathologist pediatrician pharmacist philosopher photographer physician physicist \
          physiotherapist pianist pilot plumber podcaster policeman politician porter postman potter \
          priest principal producer professor programmer psychiatrist psychologist publisher \
          radiologist ranger realtor receptionist recruiter referee reporter researcher roofer sailor \
          salesman salesperson scientist sculptor secretary seamstress singer sociologist soldier \
          solicitor specialist statistician steward stewardess student supervisor surgeon surveyor \
          sysadmin tailor teacher technician technologist therapist translator trader trainer tutor \
          veterinarian vet violinist waiter waitress watchmaker welder woodworker writer zoologist \
          devops sre dba undergrad postdoc apprentice trainee
          """);

  static final Set<String> STATES_OF_WORK =
      set("retired unemployed self-employed freelance freelancing jobless");

  static final Set<String> PETS =
      set(
          """
          dog cat puppy kitten parrot hamster rabbit bunny horse pony goldfish fish turtle tortoise \
          snake lizard gecko ferret budgie canary hedgehog chicken hen goat guinea-pig rat mouse \
          dogs cats puppies kittens parrots hamsters rabbits horses turtles chickens hens goats \
          labrador poodle retriever beagle dachshund corgi
          """);

  static final Set<String> THINGS_OWNED =
      set(
          """
          car bike bicycle motorbike motorcycle scooter van truck camper boat house flat apartment \
          condo cottage cabin guitar guitars piano violin cello drum-kit camera laptop phone tablet \
          printer telescope kayak caravan farm e-bike volvo tesla toyota honda ford bmw audi vw \
          mercedes fiat skoda kia
          """);

  static final Set<String> CONDITIONS =
      set(
          """
          asthma diabetes adhd add autism epilepsy migraines arthritis anxiety depression dyslexia \
          celiac hypertension eczema psoriasis insomnia tinnitus ptsd ocd anemia endometriosis ibs \
          scoliosis hypothyroidism copd hay-fever parkinson's
          """);

  static final Set<String> CONDITION_ADJECTIVES =
      set("diabetic asthmatic dyslexic epileptic autistic deaf blind colorblind colourblind");

  static final Set<String> DIETS =
      set(
          """
          vegan vegans vegetarian vegetarians pescatarian pescatarians pescetarian flexitarian \
          halal kosher keto paleo gluten-free dairy-free lactose-free teetotal veggie
          """);

  static final Set<String> FOODS_REFUSED =
      set(
          """
          meat pork beef fish seafood shellfish chicken lamb dairy eggs gluten sugar nuts alcohol \
          coffee caffeine milk bread wheat soy wine beer soda breakfast mushrooms cheese onions \
          garlic tomatoes carbs poultry bacon gelatin honey lactose tea
          """);

  static final Set<String> HOBBIES =
      set(
          """
          tennis football soccer basketball volleyball rugby cricket golf badminton squash hockey \
          baseball handball chess poker bridge go guitar piano violin cello drums bass flute trumpet \
          saxophone clarinet harp ukulele trombone accordion organ keyboard banjo viola padel \
          pickleball darts pool billiards snooker ultimate frisbee minecraft dnd d&d yoga pilates \
          judo karate aikido crossfit taekwondo boxing climbing bouldering running swimming hiking \
          cycling skiing snowboarding surfing fishing sailing rowing skating diving camping kayaking \
          birdwatching dancing jogging horseriding golfing gymnastics athletics martial-arts \
          pottery ballet archery fencing
          """);

  static final Set<String> EVENTS =
      set(
          """
          appointment exam interview wedding flight meeting defense defence offsite launch surgery \
          operation checkup check-up graduation conference party concert deadline presentation trip \
          holiday vacation reunion marathon race test match recital workshop anniversary ceremony \
          funeral audition hearing call demo review release delivery move baby-shower checkup scan \
          lesson class course dinner visit
          """);

  static final Set<String> NATIONALITIES =
      set(
          """
          american british english scottish welsh irish french german dutch belgian swiss austrian \
          italian spanish portuguese polish czech slovak hungarian romanian bulgarian greek turkish \
          russian ukrainian swedish norwegian danish finnish icelandic estonian latvian lithuanian \
          canadian mexican brazilian argentinian chilean colombian peruvian venezuelan cuban \
          australian nigerian ghanaian kenyan ethiopian egyptian moroccan tunisian algerian senegalese \
          ugandan tanzanian chinese japanese korean taiwanese thai vietnamese indonesian malaysian \
          filipino indian pakistani bangladeshi nepali iranian iraqi israeli lebanese syrian saudi \
          afghan croatian serbian slovenian bosnian albanian macedonian georgian armenian kazakh \
          catalan basque south-african
          """);

  /// Attributes in `X of Y is Z` and `Y's X is Z`. Other nouns make sayings of it.
  static final Set<String> ATTRIBUTES =
      set(
          """
          deadline budget price cost capital port version address url ceo cto cfo founder owner \
          author director population size height weight length width currency president mayor \
          maintainer lead captain coach hostname domain branch slogan isbn serial
          """);

  /// The same in two words.
  static final Set<String> ATTRIBUTE_PAIRS =
      set(
          """
          release_date due_date start_date end_date base_url phone_number serial_number zip_code \
          postal_code default_branch opening_hours user_name version_number ip_address port_number \
          delivery_date launch_date
          """);

  /// What `my … is Z` may tell, beside names, people and pets.
  static final Set<String> OWN_ATTRIBUTES =
      set(
          """
          shoe_size blood_type postal_code zip_code jersey_number star_sign zodiac_sign ring_size \
          height weight hat_size dress_size employee_number student_number
          """);

  static final Set<String> TOOLS =
      set("editor shell ide browser phone laptop os distro terminal desktop computer keyboard");

  /// A secret is never taken, whoever tells it.
  static final Set<String> SECRETS =
      set(
          """
          password passwords passwd passphrase pin passcode secret token ssn cvv iban credentials \
          credit account api-key apikey social-security
          """);

  /// The verbs of what an assistant is asked to do always.
  static final Set<String> ASKED_OF_ASSISTANTS =
      set(
          """
          answer reply respond use write explain call give include suggest format keep speak talk \
          address show add mention translate recommend assume ask cite start end sign round put \
          quote avoid tell send be
          """);

  private Lexicon() {}

  /// Whether a place is known by this name, in lower case.
  static boolean isPlace(String lower) {
    return Names.PLACES.contains(lower);
  }

  /// Whether a language is known by this name, in lower case.
  static boolean isLanguage(String lower) {
    return Names.LANGUAGES.contains(lower);
  }

  /// What the JDK can name. It takes a moment to load, and most turns do without.
  private static final class Names {
    static final Set<String> LANGUAGES = languages();
    static final Set<String> PLACES = places();

    private static Set<String> languages() {
      var names = new HashSet<String>(set("farsi mandarin cantonese flemish wolof"));
      for (var code : Locale.getISOLanguages()) {
        names.add(Words.lower(Locale.of(code).getDisplayLanguage(Locale.ENGLISH)));
      }
      return Set.copyOf(names);
    }

    private static Set<String> places() {
      var names = new HashSet<String>();
      for (var code : Locale.getISOCountries()) {
        names.add(Words.lower(Locale.of("", code).getDisplayCountry(Locale.ENGLISH)));
      }
      for (var zone : ZoneId.getAvailableZoneIds()) {
        int slash = zone.lastIndexOf('/');
        if (slash > 0 && !zone.startsWith("Etc/") && !zone.startsWith("US/")) {
          names.add(Words.lower(zone.substring(slash + 1).replace('_', ' ')));
        }
      }
      return Set.copyOf(names);
    }
  }
}
