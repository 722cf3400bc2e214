using Google.Protobuf.Reflection;

// In the namespace of the project, as Health and Status are (see there).
namespace Recommender.Grpc;

/// <summary>The proto files of the served services, found by file name, by the name of anything in them or by extension number.</summary>
internal sealed class DescriptorIndex
{
    private readonly SortedSet<string> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _byName = [];
    private readonly Dictionary<string, FileDescriptor> _bySymbol = [];
    private readonly Dictionary<(string Type, int Number), FileDescriptor> _byExtension = [];

    public IReadOnlyCollection<string> Services => _services;

    public void Add(ServiceDescriptor service)
    {
        _services.Add(service.FullName);
        Add(service.File);
    }

    public FileDescriptor? FindFile(string name) => _byName.GetValueOrDefault(name);

    public FileDescriptor? FindSymbol(string name) => _bySymbol.GetValueOrDefault(name);

    public FileDescriptor? FindExtension(string type, int number) => _byExtension.GetValueOrDefault((type, number));

    public IEnumerable<int> ExtensionNumbers(string type) =>
        _byExtension.Keys.Where(extension => extension.Type == type).Select(extension => extension.Number).Order();

    private void Add(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
            return;
        foreach (var import in file.Dependencies)
            Add(import);
        foreach (var service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
                _bySymbol[method.FullName] = file;
        }
        foreach (var type in file.EnumTypes)
            Add(type);
        foreach (var type in file.MessageTypes)
            Add(type);
        foreach (var extension in file.Extensions.UnorderedExtensions)
            Add(extension);
    }

    private void Add(MessageDescriptor type)
    {
        _bySymbol[type.FullName] = type.File;
        foreach (var field in type.Fields.InDeclarationOrder())
            _bySymbol[field.FullName] = type.File;
        foreach (var oneof in type.Oneofs)
            _bySymbol[oneof.FullName] = type.File;
        foreach (var nested in type.EnumTypes)
            Add(nested);
        foreach (var nested in type.NestedTypes)
            Add(nested);
        foreach (var extension in type.Extensions.UnorderedExtensions)
            Add(extension);
    }

    private void Add(EnumDescriptor type)
    {
        _bySymbol[type.FullName] = type.File;
        foreach (var value in type.Values)
            _bySymbol[value.FullName] = type.File;
    }

    private void Add(FieldDescriptor extension)
    {
        _bySymbol[extension.FullName] = extension.File;
        _byExtension[(extension.ExtendeeType.FullName, extension.FieldNumber)] = extension.File;
    }
}
