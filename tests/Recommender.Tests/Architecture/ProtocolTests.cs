using System.Text;
using Google.Protobuf.Reflection;
using Recommender.Protocol.V1;

namespace Recommender.Tests.Architecture;

public sealed class ProtocolTests
{
    private static readonly FileDescriptor[] _files =
    [
        AttributesReflection.Descriptor, CatalogReflection.Descriptor, ContactsReflection.Descriptor, CustomersReflection.Descriptor,
        EventsReflection.Descriptor, IdentityReflection.Descriptor, ModelsReflection.Descriptor, QuestionnairesReflection.Descriptor,
        RecommendationsReflection.Descriptor, RelationshipsReflection.Descriptor, ScenariosReflection.Descriptor,
    ];

    [Fact]
    public void The_protocol_is_the_approved_one() => Approved.Verify("protocol.txt", Describe());

    /// <summary>One line a method, field or enum value: in v1 lines are added and none goes (protos/README.md).</summary>
    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var file in _files)
        {
            foreach (var service in file.Services)
                foreach (var method in service.Methods) text.AppendLine(Line(service, method));
            foreach (var message in file.MessageTypes) Describe(message, text);
            foreach (var one in file.EnumTypes) Describe(one, text);
        }
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Line(ServiceDescriptor service, MethodDescriptor method)
    {
        var http = method.GetOptions()?.GetExtension(Google.Api.AnnotationsExtensions.Http);
        string path = http is null ? "" : $"{http.PatternCase} {http.Get}{http.Put}{http.Post}{http.Delete}{http.Patch} {http.Body}".TrimEnd();
        return $"{service.FullName}.{method.Name}({(method.IsClientStreaming ? "stream " : "")}{method.InputType.Name}) returns ({(method.IsServerStreaming ? "stream " : "")}{method.OutputType.Name}) {path}";
    }

    private static void Describe(MessageDescriptor message, StringBuilder text)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            string type = field.FieldType switch { FieldType.Message => field.MessageType.Name, FieldType.Enum => field.EnumType.Name, _ => field.FieldType.ToString() };
            string label = field.IsRepeated ? "repeated " : field.HasPresence && field.FieldType != FieldType.Message && field.RealContainingOneof is null ? "optional " : "";
            text.AppendLine($"{message.FullName}.{field.Name} = {field.FieldNumber}: {label}{type}{(field.RealContainingOneof is { } oneof ? $" of {oneof.Name}" : "")}");
        }
        foreach (var nested in message.NestedTypes.Where(type => !type.GetOptions()?.MapEntry ?? true)) Describe(nested, text);
        foreach (var one in message.EnumTypes) Describe(one, text);
    }

    private static void Describe(EnumDescriptor one, StringBuilder text)
    {
        foreach (var value in one.Values) text.AppendLine($"{one.FullName}.{value.Name} = {value.Number}");
    }
}
