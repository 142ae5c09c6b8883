package io.sidewire.query.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page itself: everything that it names is served, and nothing of it breaks its own rules. */
@QuarkusTest
class PageTest {
  private static final Path RESOURCES = Path.of("src/main/resources/META-INF/resources");
  private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"((?:app|webjars)/[^\"]+)\"");
  private static final Pattern IMPORTED = Pattern.compile("from '(\\.[^']+)'");

  @Test
  void everyNamedFileIsServed() throws IOException {
    String page = given().get("/").then().statusCode(200).extract().asString();
    Matcher named = NAMED.matcher(page);
    int count = 0;
    while (named.find()) {
      given().get("/" + named.group(1)).then().statusCode(200);
      count++;
    }
    assertThat(count).isGreaterThanOrEqualTo(4);
    for (Path script : scripts()) {
      Matcher imported = IMPORTED.matcher(Files.readString(script));
      while (imported.find()) {
        Path target =
            RESOURCES.relativize(script).resolveSibling(imported.group(1)).normalize();
        given().get("/" + target).then().statusCode(200);
      }
    }
  }

  @Test
  void textOfTheWireIsNeverMarkup() throws IOException {
    for (Path script : scripts()) {
      assertThat(Files.readString(script))
          .as(script.toString())
          .doesNotContain(
              "innerHTML =", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }
  }

  @Test
  void nothingComesFromElsewhere() throws IOException {
    assertThat(Files.readString(RESOURCES.resolve("index.html")))
        .doesNotContainPattern("(src|href)=\"(https?:)?//")
        .doesNotContain("<script>", " style=", " onclick=");
    for (Path script : scripts()) {
      String text = Files.readString(script).replace("http://www.w3.org/2000/svg", "");
      assertThat(text).as(script.toString()).doesNotContain("http://", "https://");
    }
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES.resolve("app"))) {
      return files.filter(file -> file.toString().endsWith(".js")).toList();
    }
  }

  @Test
  void afterAnUpgradeTheNewPageIsShown() {
    for (String path : new String[] {"/", "/app/main.js"}) {
      String modified = given()
          .get(path)
          .then()
          .statusCode(200)
          .header("Cache-Control", "no-cache")
          .extract()
          .header("Last-Modified");
      given().header("If-Modified-Since", modified).get(path).then().statusCode(304);
    }
  }
}
