import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
public class VeraPdf {
  public static void main(String[] a) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    boolean ok = true;
    for (int i = 1; i < a.length; i++) for (String f : a[0].split(",")) {
      PDFAFlavour flavour = PDFAFlavour.byFlavourId(f);
      try (FileInputStream s = new FileInputStream(a[i]);
           PDFAParser p = Foundries.defaultInstance().createParser(s, flavour)) {
        ValidationResult r = Foundries.defaultInstance().createValidator(flavour, false).validate(p);
        System.out.println(a[i] + " " + f + " " + (r.isCompliant() ? "pass" : "FAIL"));
        java.util.TreeSet<String> rules = new java.util.TreeSet<>();
        for (TestAssertion t : r.getTestAssertions()) if (t.getStatus() == TestAssertion.Status.FAILED) rules.add(t.getRuleId().getClause() + "-" + t.getRuleId().getTestNumber() + " " + t.getMessage());
        rules.forEach(System.out::println);
        ok &= r.isCompliant();
      }
    }
    System.exit(ok ? 0 : 1);
  }
}
