package io.sidewire.query.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.sidewire.query.ApiPath;
import io.sidewire.query.Param;
import io.sidewire.query.Problem;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Completes the OpenAPI document from what the code follows anyway: parameters from {@link ApiPath}, the records of the
 * topics from their Avro schemas.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class OpenApiDocument implements OASFilter {
  private static final List<org.apache.avro.Schema> RECORDS =
      List.of(Exchange.getClassSchema(), FlowRecord.getClassSchema(), Interaction.getClassSchema());

  @Override
  public void filterOpenAPI(OpenAPI document) {
    for (ApiPath path : ApiPath.values()) {
      var item = document.getPaths().getPathItem(path.path());
      if (item != null && item.getGET() != null) {
        describe(path, item.getGET());
      }
    }
    if (document.getComponents() == null) {
      document.setComponents(OASFactory.createComponents());
    }
    for (org.apache.avro.Schema record : RECORDS) {
      document.getComponents().addSchema(record.getName(), schema(record));
    }
    Schema view = schema(Exchange.getClassSchema());
    view.addProperty(
        "interactionId",
        typed(SchemaType.STRING).description("The interaction that it is a step of, once known."));
    document.getComponents().addSchema("ExchangeView", view);
  }

  private static void describe(ApiPath path, Operation get) {
    List<Parameter> parameters = new ArrayList<>();
    if (get.getParameters() != null) {
      get.getParameters().stream()
          .filter(one -> one.getIn() == Parameter.In.PATH)
          .forEach(parameters::add);
    }
    for (Param param : path.params()) {
      parameters.add(OASFactory.createParameter()
          .name(param.wire())
          .in(Parameter.In.QUERY)
          .description(param.description())
          .example(param.example())
          .schema(OASFactory.createSchema().addType(SchemaType.STRING)));
    }
    get.setParameters(parameters);
    APIResponses responses = get.getResponses();
    responses.addAPIResponse("400", problem("A parameter is unknown or cannot be used."));
    responses.addAPIResponse("429", problem("This address asks too fast; see Retry-After."));
    responses.addAPIResponse("503", problem("This replica is not whole yet; see Retry-After."));
    if (path.path().endsWith("{id}")) {
      responses.addAPIResponse("404", problem("Nothing of this id is kept."));
    }
  }

  private static APIResponse problem(String why) {
    return OASFactory.createAPIResponse()
        .description(why)
        .content(OASFactory.createContent()
            .addMediaType(
                Problem.MEDIA_TYPE,
                OASFactory.createMediaType()
                    .schema(OASFactory.createSchema()
                        .addType(SchemaType.OBJECT)
                        .addProperty("title", typed(SchemaType.STRING))
                        .addProperty("status", typed(SchemaType.INTEGER))
                        .addProperty("detail", typed(SchemaType.STRING))
                        .addProperty("parameter", typed(SchemaType.STRING)))));
  }

  private static Schema schema(org.apache.avro.Schema avro) {
    return switch (avro.getType()) {
      case RECORD -> {
        Schema object = OASFactory.createSchema().addType(SchemaType.OBJECT);
        object.setDescription(avro.getDoc());
        for (org.apache.avro.Schema.Field field : avro.getFields()) {
          Schema property = schema(field.schema());
          if (field.doc() != null) {
            property.setDescription(field.doc());
          }
          object.addProperty(field.name(), property);
        }
        yield object;
      }
      case UNION -> {
        Schema any = OASFactory.createSchema();
        boolean first = true;
        for (org.apache.avro.Schema branch : avro.getTypes()) {
          if (branch.getType() == org.apache.avro.Schema.Type.NULL) {
            continue;
          }
          Schema one = schema(branch);
          if (first) {
            any = one;
            first = false;
          } else {
            one.getType().forEach(any::addType);
          }
        }
        yield any.addType(SchemaType.NULL);
      }
      case ARRAY ->
        OASFactory.createSchema().addType(SchemaType.ARRAY).items(schema(avro.getElementType()));
      case MAP ->
        OASFactory.createSchema()
            .addType(SchemaType.OBJECT)
            .additionalPropertiesSchema(schema(avro.getValueType()));
      case ENUM -> {
        Schema words = OASFactory.createSchema().addType(SchemaType.STRING);
        List<Object> symbols = new ArrayList<>();
        avro.getEnumSymbols().forEach(symbol -> symbols.add(symbol.toLowerCase(Locale.ROOT)));
        words.setEnumeration(symbols);
        yield words;
      }
      default -> OASFactory.createSchema().addType(TYPES.get(avro.getType()));
    };
  }

  private static final Map<org.apache.avro.Schema.Type, SchemaType> TYPES = Map.of(
      org.apache.avro.Schema.Type.STRING, SchemaType.STRING,
      org.apache.avro.Schema.Type.BYTES, SchemaType.STRING,
      org.apache.avro.Schema.Type.INT, SchemaType.INTEGER,
      org.apache.avro.Schema.Type.LONG, SchemaType.INTEGER,
      org.apache.avro.Schema.Type.FLOAT, SchemaType.NUMBER,
      org.apache.avro.Schema.Type.DOUBLE, SchemaType.NUMBER,
      org.apache.avro.Schema.Type.BOOLEAN, SchemaType.BOOLEAN);

  private static Schema typed(SchemaType type) {
    return OASFactory.createSchema().addType(type);
  }
}
