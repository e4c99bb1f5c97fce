package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import pgrunbook.text.Problems;

class ShownTest {
  @Test
  void a_tree_is_shown_with_its_expressions_evaluated() {
    // given
    var text =
        """
        n: ${params.n}
        list: ${params.list}
        file: x-${steps.a.file}
        wrong: ${nope}
        keep: true
        port: 5432
        text: "5432"
        octal: 010
        items: [{a: 1.5}]
        """;
    var node = Yaml.read(text, "f.yaml", new Problems()).orElseThrow();
    // when
    var shown = Shown.tree(node, BinderTest::find);
    // then
    assertThat(shown.toString())
        .isEqualTo(
            "{\"n\":7,\"list\":[\"a\",\"b\"],\"file\":\"x-‹steps.a.file›\",\"wrong\":\"${nope}\","
                + "\"keep\":true,\"port\":5432,\"text\":\"5432\",\"octal\":\"010\","
                + "\"items\":[{\"a\":1.5}]}");
  }
}
